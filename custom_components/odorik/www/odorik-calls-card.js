// Built from card/. Lit: © Google LLC, odorik-calls-card.LICENSE.txt
var hi=Object.defineProperty;var ui=Object.getOwnPropertyDescriptor;var c=(o,e,t,i)=>{for(var r=i>1?void 0:i?ui(e,t):e,n=o.length-1,s;n>=0;n--)(s=o[n])&&(r=(i?s(e,t,r):s(r))||r);return i&&r&&hi(e,t,r),r};var de="home-assistant";document.querySelector(de)&&await customElements.whenDefined(de);var bt=globalThis,xt=bt.ShadowRoot&&(bt.ShadyCSS===void 0||bt.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,Gt=Symbol(),pe=new WeakMap,at=class{constructor(e,t,i){if(this._$cssResult$=!0,i!==Gt)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,t=this.t;if(xt&&e===void 0){let i=t!==void 0&&t.length===1;i&&(e=pe.get(t)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),i&&pe.set(t,e))}return e}toString(){return this.cssText}},he=o=>new at(typeof o=="string"?o:o+"",void 0,Gt),x=(o,...e)=>{let t=o.length===1?o[0]:e.reduce((i,r,n)=>i+(s=>{if(s._$cssResult$===!0)return s.cssText;if(typeof s=="number")return s;throw Error("Value passed to 'css' function must be a 'css' function result: "+s+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(r)+o[n+1],o[0]);return new at(t,o,Gt)},ue=(o,e)=>{if(xt)o.adoptedStyleSheets=e.map(t=>t instanceof CSSStyleSheet?t:t.styleSheet);else for(let t of e){let i=document.createElement("style"),r=bt.litNonce;r!==void 0&&i.setAttribute("nonce",r),i.textContent=t.cssText,o.appendChild(i)}},Yt=xt?o=>o:o=>o instanceof CSSStyleSheet?(e=>{let t="";for(let i of e.cssRules)t+=i.cssText;return he(t)})(o):o;var{is:mi,defineProperty:fi,getOwnPropertyDescriptor:gi,getOwnPropertyNames:yi,getOwnPropertySymbols:vi,getPrototypeOf:bi}=Object,_t=globalThis,me=_t.trustedTypes,xi=me?me.emptyScript:"",_i=_t.reactiveElementPolyfillSupport,lt=(o,e)=>o,ct={toAttribute(o,e){switch(e){case Boolean:o=o?xi:null;break;case Object:case Array:o=o==null?o:JSON.stringify(o)}return o},fromAttribute(o,e){let t=o;switch(e){case Boolean:t=o!==null;break;case Number:t=o===null?null:Number(o);break;case Object:case Array:try{t=JSON.parse(o)}catch{t=null}}return t}},$t=(o,e)=>!mi(o,e),fe={attribute:!0,type:String,converter:ct,reflect:!1,useDefault:!1,hasChanged:$t};Symbol.metadata??=Symbol("metadata"),_t.litPropertyMetadata??=new WeakMap;var U=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=fe){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let i=Symbol(),r=this.getPropertyDescriptor(e,i,t);r!==void 0&&fi(this.prototype,e,r)}}static getPropertyDescriptor(e,t,i){let{get:r,set:n}=gi(this.prototype,e)??{get(){return this[t]},set(s){this[t]=s}};return{get:r,set(s){let a=r?.call(this);n?.call(this,s),this.requestUpdate(e,a,i)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??fe}static _$Ei(){if(this.hasOwnProperty(lt("elementProperties")))return;let e=bi(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(lt("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(lt("properties"))){let t=this.properties,i=[...yi(t),...vi(t)];for(let r of i)this.createProperty(r,t[r])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[i,r]of t)this.elementProperties.set(i,r)}this._$Eh=new Map;for(let[t,i]of this.elementProperties){let r=this._$Eu(t,i);r!==void 0&&this._$Eh.set(r,t)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let i=new Set(e.flat(1/0).reverse());for(let r of i)t.unshift(Yt(r))}else e!==void 0&&t.push(Yt(e));return t}static _$Eu(e,t){let i=t.attribute;return i===!1?void 0:typeof i=="string"?i:typeof e=="string"?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=new Map,t=this.constructor.elementProperties;for(let i of t.keys())this.hasOwnProperty(i)&&(e.set(i,this[i]),delete this[i]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return ue(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,i){this._$AK(e,i)}_$ET(e,t){let i=this.constructor.elementProperties.get(e),r=this.constructor._$Eu(e,i);if(r!==void 0&&i.reflect===!0){let n=(i.converter?.toAttribute!==void 0?i.converter:ct).toAttribute(t,i.type);this._$Em=e,n==null?this.removeAttribute(r):this.setAttribute(r,n),this._$Em=null}}_$AK(e,t){let i=this.constructor,r=i._$Eh.get(e);if(r!==void 0&&this._$Em!==r){let n=i.getPropertyOptions(r),s=typeof n.converter=="function"?{fromAttribute:n.converter}:n.converter?.fromAttribute!==void 0?n.converter:ct;this._$Em=r;let a=s.fromAttribute(t,n.type);this[r]=a??this._$Ej?.get(r)??a,this._$Em=null}}requestUpdate(e,t,i,r=!1,n){if(e!==void 0){let s=this.constructor;if(r===!1&&(n=this[e]),i??=s.getPropertyOptions(e),!((i.hasChanged??$t)(n,t)||i.useDefault&&i.reflect&&n===this._$Ej?.get(e)&&!this.hasAttribute(s._$Eu(e,i))))return;this.C(e,t,i)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(e,t,{useDefault:i,reflect:r,wrapped:n},s){i&&!(this._$Ej??=new Map).has(e)&&(this._$Ej.set(e,s??t??this[e]),n!==!0||s!==void 0)||(this._$AL.has(e)||(this.hasUpdated||i||(t=void 0),this._$AL.set(e,t)),r===!0&&this._$Em!==e&&(this._$Eq??=new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(t){Promise.reject(t)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[r,n]of this._$Ep)this[r]=n;this._$Ep=void 0}let i=this.constructor.elementProperties;if(i.size>0)for(let[r,n]of i){let{wrapped:s}=n,a=this[r];s!==!0||this._$AL.has(r)||a===void 0||this.C(r,void 0,n,a)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(i=>i.hostUpdate?.()),this.update(t)):this._$EM()}catch(i){throw e=!1,this._$EM(),i}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(t=>t.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(t=>this._$ET(t,this[t])),this._$EM()}updated(e){}firstUpdated(e){}};U.elementStyles=[],U.shadowRootOptions={mode:"open"},U[lt("elementProperties")]=new Map,U[lt("finalized")]=new Map,_i?.({ReactiveElement:U}),(_t.reactiveElementVersions??=[]).push("2.1.2");var Jt=globalThis,ge=o=>o,wt=Jt.trustedTypes,ye=wt?wt.createPolicy("lit-html",{createHTML:o=>o}):void 0,Qt="$lit$",I=`lit$${Math.random().toFixed(9).slice(2)}$`,te="?"+I,$i=`<${te}>`,Z=document,pt=()=>Z.createComment(""),ht=o=>o===null||typeof o!="object"&&typeof o!="function",ee=Array.isArray,we=o=>ee(o)||typeof o?.[Symbol.iterator]=="function",Xt=`[ 	
\f\r]`,dt=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,ve=/-->/g,be=/>/g,W=RegExp(`>|${Xt}(?:([^\\s"'>=/]+)(${Xt}*=${Xt}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),xe=/'/g,_e=/"/g,Ce=/^(?:script|style|textarea|title)$/i,ie=o=>(e,...t)=>({_$litType$:o,strings:e,values:t}),d=ie(1),Xi=ie(2),Ji=ie(3),j=Symbol.for("lit-noChange"),p=Symbol.for("lit-nothing"),$e=new WeakMap,V=Z.createTreeWalker(Z,129);function Ae(o,e){if(!ee(o)||!o.hasOwnProperty("raw"))throw Error("invalid template strings array");return ye!==void 0?ye.createHTML(e):e}var Ee=(o,e)=>{let t=o.length-1,i=[],r,n=e===2?"<svg>":e===3?"<math>":"",s=dt;for(let a=0;a<t;a++){let l=o[a],m,w,u=-1,y=0;for(;y<l.length&&(s.lastIndex=y,w=s.exec(l),w!==null);)y=s.lastIndex,s===dt?w[1]==="!--"?s=ve:w[1]!==void 0?s=be:w[2]!==void 0?(Ce.test(w[2])&&(r=RegExp("</"+w[2],"g")),s=W):w[3]!==void 0&&(s=W):s===W?w[0]===">"?(s=r??dt,u=-1):w[1]===void 0?u=-2:(u=s.lastIndex-w[2].length,m=w[1],s=w[3]===void 0?W:w[3]==='"'?_e:xe):s===_e||s===xe?s=W:s===ve||s===be?s=dt:(s=W,r=void 0);let f=s===W&&o[a+1].startsWith("/>")?" ":"";n+=s===dt?l+$i:u>=0?(i.push(m),l.slice(0,u)+Qt+l.slice(u)+I+f):l+I+(u===-2?a:f)}return[Ae(o,n+(o[t]||"<?>")+(e===2?"</svg>":e===3?"</math>":"")),i]},ut=class o{constructor({strings:e,_$litType$:t},i){let r;this.parts=[];let n=0,s=0,a=e.length-1,l=this.parts,[m,w]=Ee(e,t);if(this.el=o.createElement(m,i),V.currentNode=this.el.content,t===2||t===3){let u=this.el.content.firstChild;u.replaceWith(...u.childNodes)}for(;(r=V.nextNode())!==null&&l.length<a;){if(r.nodeType===1){if(r.hasAttributes())for(let u of r.getAttributeNames())if(u.endsWith(Qt)){let y=w[s++],f=r.getAttribute(u).split(I),A=/([.?@])?(.*)/.exec(y);l.push({type:1,index:n,name:A[2],strings:f,ctor:A[1]==="."?At:A[1]==="?"?Et:A[1]==="@"?kt:Y}),r.removeAttribute(u)}else u.startsWith(I)&&(l.push({type:6,index:n}),r.removeAttribute(u));if(Ce.test(r.tagName)){let u=r.textContent.split(I),y=u.length-1;if(y>0){r.textContent=wt?wt.emptyScript:"";for(let f=0;f<y;f++)r.append(u[f],pt()),V.nextNode(),l.push({type:2,index:++n});r.append(u[y],pt())}}}else if(r.nodeType===8)if(r.data===te)l.push({type:2,index:n});else{let u=-1;for(;(u=r.data.indexOf(I,u+1))!==-1;)l.push({type:7,index:n}),u+=I.length-1}n++}}static createElement(e,t){let i=Z.createElement("template");return i.innerHTML=e,i}};function G(o,e,t=o,i){if(e===j)return e;let r=i!==void 0?t._$Co?.[i]:t._$Cl,n=ht(e)?void 0:e._$litDirective$;return r?.constructor!==n&&(r?._$AO?.(!1),n===void 0?r=void 0:(r=new n(o),r._$AT(o,t,i)),i!==void 0?(t._$Co??=[])[i]=r:t._$Cl=r),r!==void 0&&(e=G(o,r._$AS(o,e.values),r,i)),e}var Ct=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:i}=this._$AD,r=(e?.creationScope??Z).importNode(t,!0);V.currentNode=r;let n=V.nextNode(),s=0,a=0,l=i[0];for(;l!==void 0;){if(s===l.index){let m;l.type===2?m=new Q(n,n.nextSibling,this,e):l.type===1?m=new l.ctor(n,l.name,l.strings,this,e):l.type===6&&(m=new St(n,this,e)),this._$AV.push(m),l=i[++a]}s!==l?.index&&(n=V.nextNode(),s++)}return V.currentNode=Z,r}p(e){let t=0;for(let i of this._$AV)i!==void 0&&(i.strings!==void 0?(i._$AI(e,i,t),t+=i.strings.length-2):i._$AI(e[t])),t++}},Q=class o{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,i,r){this.type=2,this._$AH=p,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=i,this.options=r,this._$Cv=r?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=G(this,e,t),ht(e)?e===p||e==null||e===""?(this._$AH!==p&&this._$AR(),this._$AH=p):e!==this._$AH&&e!==j&&this._(e):e._$litType$!==void 0?this.$(e):e.nodeType!==void 0?this.T(e):we(e)?this.k(e):this._(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==p&&ht(this._$AH)?this._$AA.nextSibling.data=e:this.T(Z.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:i}=e,r=typeof i=="number"?this._$AC(e):(i.el===void 0&&(i.el=ut.createElement(Ae(i.h,i.h[0]),this.options)),i);if(this._$AH?._$AD===r)this._$AH.p(t);else{let n=new Ct(r,this),s=n.u(this.options);n.p(t),this.T(s),this._$AH=n}}_$AC(e){let t=$e.get(e.strings);return t===void 0&&$e.set(e.strings,t=new ut(e)),t}k(e){ee(this._$AH)||(this._$AH=[],this._$AR());let t=this._$AH,i,r=0;for(let n of e)r===t.length?t.push(i=new o(this.O(pt()),this.O(pt()),this,this.options)):i=t[r],i._$AI(n),r++;r<t.length&&(this._$AR(i&&i._$AB.nextSibling,r),t.length=r)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let i=ge(e).nextSibling;ge(e).remove(),e=i}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},Y=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,i,r,n){this.type=1,this._$AH=p,this._$AN=void 0,this.element=e,this.name=t,this._$AM=r,this.options=n,i.length>2||i[0]!==""||i[1]!==""?(this._$AH=Array(i.length-1).fill(new String),this.strings=i):this._$AH=p}_$AI(e,t=this,i,r){let n=this.strings,s=!1;if(n===void 0)e=G(this,e,t,0),s=!ht(e)||e!==this._$AH&&e!==j,s&&(this._$AH=e);else{let a=e,l,m;for(e=n[0],l=0;l<n.length-1;l++)m=G(this,a[i+l],t,l),m===j&&(m=this._$AH[l]),s||=!ht(m)||m!==this._$AH[l],m===p?e=p:e!==p&&(e+=(m??"")+n[l+1]),this._$AH[l]=m}s&&!r&&this.j(e)}j(e){e===p?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??"")}},At=class extends Y{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===p?void 0:e}},Et=class extends Y{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==p)}},kt=class extends Y{constructor(e,t,i,r,n){super(e,t,i,r,n),this.type=5}_$AI(e,t=this){if((e=G(this,e,t,0)??p)===j)return;let i=this._$AH,r=e===p&&i!==p||e.capture!==i.capture||e.once!==i.once||e.passive!==i.passive,n=e!==p&&(i===p||r);r&&this.element.removeEventListener(this.name,this,i),n&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},St=class{constructor(e,t,i){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=i}get _$AU(){return this._$AM._$AU}_$AI(e){G(this,e)}},ke={M:Qt,P:I,A:te,C:1,L:Ee,R:Ct,D:we,V:G,I:Q,H:Y,N:Et,U:kt,B:At,F:St},wi=Jt.litHtmlPolyfillSupport;wi?.(ut,Q),(Jt.litHtmlVersions??=[]).push("3.3.3");var Se=(o,e,t)=>{let i=t?.renderBefore??e,r=i._$litPart$;if(r===void 0){let n=t?.renderBefore??null;i._$litPart$=r=new Q(e.insertBefore(pt(),n),n,void 0,t??{})}return r._$AI(o),r};var re=globalThis,k=class extends U{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=Se(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return j}};k._$litElement$=!0,k.finalized=!0,re.litElementHydrateSupport?.({LitElement:k});var Ci=re.litElementPolyfillSupport;Ci?.({LitElement:k});(re.litElementVersions??=[]).push("4.2.2");var _=o=>(e,t)=>{t!==void 0?t.addInitializer(()=>{customElements.define(o,e)}):customElements.define(o,e)};var Ai={attribute:!0,type:String,converter:ct,reflect:!1,hasChanged:$t},Ei=(o=Ai,e,t)=>{let{kind:i,metadata:r}=t,n=globalThis.litPropertyMetadata.get(r);if(n===void 0&&globalThis.litPropertyMetadata.set(r,n=new Map),i==="setter"&&((o=Object.create(o)).wrapped=!0),n.set(t.name,o),i==="accessor"){let{name:s}=t;return{set(a){let l=e.get.call(this);e.set.call(this,a),this.requestUpdate(s,l,o,!0,a)},init(a){return a!==void 0&&this.C(s,void 0,o,a),a}}}if(i==="setter"){let{name:s}=t;return function(a){let l=this[s];e.call(this,a),this.requestUpdate(s,l,o,!0,a)}}throw Error("Unsupported decorator location: "+i)};function h(o){return(e,t)=>typeof t=="object"?Ei(o,e,t):((i,r,n)=>{let s=r.hasOwnProperty(n);return r.constructor.createProperty(n,i),s?Object.getOwnPropertyDescriptor(r,n):void 0})(o,e,t)}function $(o){return h({...o,state:!0,attribute:!1})}var Re={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},Te=o=>(...e)=>({_$litDirective$:o,values:e}),Tt=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,i){this._$Ct=e,this._$AM=t,this._$Ci=i}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}};var{I:ki}=ke,Pe=o=>o;var ze=()=>document.createComment(""),tt=(o,e,t)=>{let i=o._$AA.parentNode,r=e===void 0?o._$AB:e._$AA;if(t===void 0){let n=i.insertBefore(ze(),r),s=i.insertBefore(ze(),r);t=new ki(n,s,o,o.options)}else{let n=t._$AB.nextSibling,s=t._$AM,a=s!==o;if(a){let l;t._$AQ?.(o),t._$AM=o,t._$AP!==void 0&&(l=o._$AU)!==s._$AU&&t._$AP(l)}if(n!==r||a){let l=t._$AA;for(;l!==n;){let m=Pe(l).nextSibling;Pe(i).insertBefore(l,r),l=m}}}return t},N=(o,e,t=o)=>(o._$AI(e,t),o),Si={},Le=(o,e=Si)=>o._$AH=e,Me=o=>o._$AH,Pt=o=>{o._$AR(),o._$AA.remove()};var De=(o,e,t)=>{let i=new Map;for(let r=e;r<=t;r++)i.set(o[r],r);return i},zt=Te(class extends Tt{constructor(o){if(super(o),o.type!==Re.CHILD)throw Error("repeat() can only be used in text expressions")}dt(o,e,t){let i;t===void 0?t=e:e!==void 0&&(i=e);let r=[],n=[],s=0;for(let a of o)r[s]=i?i(a,s):s,n[s]=t(a,s),s++;return{values:n,keys:r}}render(o,e,t){return this.dt(o,e,t).values}update(o,[e,t,i]){let r=Me(o),{values:n,keys:s}=this.dt(e,t,i);if(!Array.isArray(r))return this.ut=s,n;let a=this.ut??=[],l=[],m,w,u=0,y=r.length-1,f=0,A=n.length-1;for(;u<=y&&f<=A;)if(r[u]===null)u++;else if(r[y]===null)y--;else if(a[u]===s[f])l[f]=N(r[u],n[f]),u++,f++;else if(a[y]===s[A])l[A]=N(r[y],n[A]),y--,A--;else if(a[u]===s[A])l[A]=N(r[u],n[A]),tt(o,l[A+1],r[u]),u++,A--;else if(a[y]===s[f])l[f]=N(r[y],n[f]),tt(o,r[u],r[y]),y--,f++;else if(m===void 0&&(m=De(s,f,A),w=De(a,u,y)),m.has(a[u]))if(m.has(a[y])){let H=w.get(s[f]),Zt=H!==void 0?r[H]:null;if(Zt===null){let ce=tt(o,r[u]);N(ce,n[f]),l[f]=ce}else l[f]=N(Zt,n[f]),tt(o,r[u],Zt),r[H]=null;f++}else Pt(r[y]),y--;else Pt(r[u]),u++;for(;f<=A;){let H=tt(o,l[A+1]);N(H,n[f]),l[f++]=H}for(;u<=y;){let H=r[u++];H!==null&&Pt(H)}return this.ut=s,Le(o,l),j}});function He(o){let e=o??{};return e.error??e}var Ue=({message:o,code:e})=>typeof o=="string"&&e!==3;function Ie(o){let e=He(o);return!Ue(e)||`${e.code} ${e.translation_key}`.includes("unknown")}async function et(o,e,t){let i=He(e),{translation_domain:r,translation_key:n}=i;if(r&&n){let a=(await o.loadBackendTranslation("exceptions",r))(`component.${r}.exceptions.${n}.message`,i.translation_placeholders);if(a)return a}return Ue(i)?i.message??t:t}var v="odorik",X="odorik-calls-card",Lt=o=>({show:"all",search:"",contact:o}),mt=o=>`end ${o.active_call_id}`,Mt=({uid:o})=>`sms ${o}`,oe=["balance","missed_calls_today","cost_this_month"],Dt=[...oe,"dial","history"];var it={text:""};function Ht(o){return o.normalize("NFD").replace(new RegExp("\\p{Diacritic}","gu"),"").toLowerCase().trim()}function S(o){return o.name??o.formatted}function je(o,{text:e,picked:t}){if(t)return[];let i=Ht(e),r=i.replace(/[\s+]/g,"").replace(/^00/,""),n=/^[\d*]+$/.test(r);return o.filter(({name:s,number:a})=>Ht(s??"").includes(i)||n&&a.includes(r)).slice(0,6)}function ne(o,{text:e,picked:t}){if(t)return t;let i=e.trim();if(!i)return;let r=o.filter(({name:n})=>Ht(n??"")===Ht(i));return(r.length===1?r[0]:void 0)??{number:i,name:null,formatted:i}}function Oe(o){return(e,t,i={})=>(o[(e??"").split("-")[0]??""]??o.en)[t].replace(/\{(\w+)\}/g,(n,s)=>String(i[s]??""))}var Ne={all:"Vše",all_calls:"Zobrazit všechny hovory",balance:"Kredit",call:"Zavolat",call_back:"Zavolat zpět: {who}",call_back_last:"Zavolat zpět",call_gate:"Prozvonění brány",call_in:"Příchozí hovor",call_missed:"Zmeškaný hovor",call_out:"Odchozí hovor",call_redirected:"Přesměrovaný hovor",call_unknown:"Hovor",caller_id:"Zobrazené číslo",calling:"Vytáčí se",calls_with:"Hovory: {who}",cancel:"Zrušit",card:"Hovory Odoriku",config_entry_id:"Účet",confirm_hang_up:"Ukončit tento hovor?",confirm_hang_up_all:"Ukončit všechny tyto hovory?",copied:"Zkopírováno: {number}",copy_number:"Kopírovat číslo",cost_this_month:"Tento měsíc",counter:"{length} z {max} znaků, {parts}",dashboard:"Odorik",dashboard_description:"Hovory, útrata a linky vašeho účtu.",default_line:"Výchozí linka",description:"Kdo volá, kdo volal, zpětné volání jedním klepnutím.",dial:"Číslo nebo kontakt",dial_help:"Zavolat nejdřív mně a pak mě spojit",done:"Vyřízeno: {who}",duration:"Délka",empty:"Zatím žádné hovory",failed:"To se nepovedlo.",filter:"Zobrazit hovory",forbidden:"Nemáte oprávnění zobrazit hovory tohoto účtu.",gate_opened:"otevřeno",gate_refused:"odmítnuto",hang_up:"Zavěsit",hang_up_call:"Zavěsit: {who}",hanging_up:"Zavěšuje se…",hide:"Skrýt",history:"Historie hovorů",history_failed:"Historii hovorů se nepodařilo načíst.",incoming:"Příchozí",line:"Linka",loading:"Načítá se…",lost:"Není spojení s Home Assistantem. Údaje mohou být zastaralé.",message:"Text zprávy",missed:"Zmeškané",missed_calls_today:"Dnes zmeškané",missing:"Není tu žádný účet Odorik.",more:"Zobrazit další",no_matches:"Žádné odpovídající hovory",not_answered:"Nepřijato",not_loaded:"Účet {title} právě neběží.",now:"Probíhající hovory",number:"Číslo",older:"Hledat ve starších hovorech",order_unclear:"Spojení se při objednávání přerušilo. Než hovor objednáte znovu, podívejte se, zda už telefon nezvoní.",ordered:"Objednáno. Nejdřív zazvoní {caller}; po zvednutí vás spojíme: {who}.",ordering:"Objednává se hovor…",outgoing:"Odchozí",own_number:"Volané číslo",parts:"{count} částí",parts_few:"{count} části",parts_one:"{count} část",price:"Cena",rang:"Zvonilo",redirected_to:"Přesměrováno na",retry:"Zkusit znovu",ring_first:"Nejdřív zazvoní",ring_first_ask:"Který telefon má zazvonit jako první?",rings_first:"Nejdřív zazvoní: {who}",search:"Hledat jméno nebo číslo",section:"Hovory",send:"Odeslat {parts}",send_message:"Odeslat zprávu",send_unclear:"Spojení se při odesílání přerušilo. Než zprávu pošlete znovu, ověřte u Odoriku, zda už neodešla.",sending:"Odesílá se…",sent:"Zpráva odeslána: {who}.",sent_as:"Odešle se jako:",title:"Nadpis",unreachable:"Odorik neodpovídá. Údaje mohou být zastaralé.",waiting:"Čekají na zavolání",withheld:"Skryté číslo",write:"Napsat: {who}"};var Ke={all:"All",all_calls:"Show all calls",balance:"Credit",call:"Call",call_back:"Call back: {who}",call_back_last:"Call back",call_gate:"Ring at a gate",call_in:"Incoming call",call_missed:"Missed call",call_out:"Outgoing call",call_redirected:"Redirected call",call_unknown:"Call",caller_id:"Caller ID",calling:"Calling",calls_with:"Calls with {who}",cancel:"Cancel",card:"Odorik calls",config_entry_id:"Account",confirm_hang_up:"End this call?",confirm_hang_up_all:"End all these calls?",copied:"Copied {number}",copy_number:"Copy number",cost_this_month:"This month",counter:"{length} of {max} characters, {parts}",dashboard:"Odorik",dashboard_description:"Your account's calls, costs and lines.",default_line:"Default line",description:"See who is calling and who called, and call back with one tap.",dial:"Number or contact",dial_help:"Call my phone and connect me",done:"Done: {who}",duration:"Duration",empty:"No calls yet",failed:"That did not work.",filter:"Show calls",forbidden:"You don't have permission to see this account's calls.",gate_opened:"opened",gate_refused:"refused",hang_up:"Hang up",hang_up_call:"Hang up: {who}",hanging_up:"Hanging up…",hide:"Hide",history:"Call history",history_failed:"The call history could not be loaded.",incoming:"Incoming",line:"Line",loading:"Loading…",lost:"No connection to Home Assistant. The data shown may be out of date.",message:"Text message",missed:"Missed",missed_calls_today:"Missed today",missing:"There is no Odorik account to show.",more:"Show more",no_matches:"No matching calls",not_answered:"Not answered",not_loaded:"The account {title} is not loaded at the moment.",now:"Calls now",number:"Number",older:"Search older calls",order_unclear:"The connection was lost while ordering the call. Check whether a phone is ringing before you order again.",ordered:"Ordered. {caller} rings first; pick up to be connected with {who}.",ordering:"Ordering the call…",outgoing:"Outgoing",own_number:"Called number",parts:"{count} parts",parts_few:"{count} parts",parts_one:"{count} part",price:"Price",rang:"Rang for",redirected_to:"Redirected to",retry:"Try again",ring_first:"Ring first",ring_first_ask:"Which phone should ring first?",rings_first:"Rings first: {who}",search:"Search name or number",section:"Calls",send:"Send {parts}",send_message:"Send message",send_unclear:"The connection was lost while sending the message. Check your messages at Odorik before you send it again.",sending:"Sending…",sent:"Message sent to {who}.",sent_as:"Will be sent as:",title:"Title",unreachable:"Odorik is not responding. The data shown may be out of date.",waiting:"To call back",withheld:"Withheld number",write:"Write: {who}"};var E=Oe({en:Ke,cs:Ne});var Pi=3e3,Ut=class{constructor(e){this.c=e;this.outcomes=new Map}orderCallback(e,t,{origin:i,recipient:r,who:n,caller:s,line:a}){return this.At(e,i,"ordering","order_unclear",async()=>{await se(e,t,"callback",{recipient:r,caller:s?.number,line:a}),this.lastCaller=s??this.lastCaller;let l=s??t.caller;return E(e.locale.language,"ordered",{caller:l&&S(l),who:n})})}sendMessage(e,t,{origin:i,recipient:r,message:n}){return this.At(e,i,"sending","send_unclear",async()=>(await se(e,t,"send_sms",{recipient:r.number,message:n}),E(e.locale.language,"sent",{who:S(r)})))}async previewMessage(e,{config_entry_id:t},i,r){let{language:n}=e.locale;try{return await e.connection.sendMessagePromise({type:`${v}/preview_sms`,config_entry_id:t,number:i,message:r,language:n})}catch(s){return{error:await et(e,s,E(n,"failed"))}}}async At(e,t,i,r,n){if(this.outcomes.get(t)?.isLocked)return;let{language:s}=e.locale;this.q(t,{state:"pending",text:E(s,i),isLocked:!0});let a;try{a={state:"done",text:await n()}}catch(l){a={state:"failed",text:await et(e,l,E(s,r)),isUnclear:Ie(l)}}this.q(t,{...a,isLocked:!0}),setTimeout(()=>{this.q(t,a)},Pi)}async hangUp(e,t,i){let{language:r}=e.locale,n=mt(i);this.q(n,{state:"pending",text:E(r,"hanging_up")});try{await se(e,t,"hangup",{active_call_id:i.active_call_id})}catch(s){this.q(n,{state:"failed",text:await et(e,s,E(r,"failed"))})}}completeItem(e,{inbox:t},i){let r=e.states[t??""]?.state;return!t||!r||r==="unavailable"?!1:(e.callService("todo","update_item",{item:i,status:"completed"},{entity_id:t},!0,!1).catch(()=>{}),!0)}q(e,t){this.outcomes=new Map(this.outcomes).set(e,t),this.c.requestUpdate()}};function se(o,{config_entry_id:e},t,i){return o.callService(v,t,{config_entry_id:e,...i},void 0,!1,!0)}var ae={in:"mdi:phone-incoming",out:"mdi:phone-outgoing",redirected:"mdi:phone-forward",missed:"mdi:phone-missed",unknown:"mdi:phone",gate:"mdi:gate"};function K(o){return o.gate?"gate":o.direction!=="out"&&o.status==="missed"?"missed":o.redirected_to?"redirected":o.direction}function Fe(o){return o.answered_at?"mdi:phone-in-talk":o.direction==="out"?ae.out:"mdi:phone-ring"}function T(o,e){return o.name??o.formatted??e.localize("withheld")}function qe({gate:o,gate_outcome:e,line_name:t,line:i},r){return o?e?`${o}: ${r.localize(`gate_${e}`)}`:o:t??String(i??"")}function It({number:o,name:e,formatted:t}){return o?{number:o,name:e,formatted:t??o}:void 0}function jt({answered_at:o,direction:e}){return!o&&e==="out"?"calling":`call_${e}`}function le(o,e){let t=Date.parse(o.answered_at??o.started_at??"");return Math.max(0,(e-t)/1e3)||0}function Be(o){return[...o].sort((e,t)=>+!!e.answered_at-+!!t.answered_at)}var zi={all:()=>!0,missed:o=>K(o)==="missed",incoming:o=>o.direction!=="out",outgoing:o=>o.direction==="out"};function We(o,e,t){let i=o.filter(s=>s.call_id!==e.call_id||s.call_id===null);if(!zi[t](e))return i;let r=Date.parse(e.started_at),n=i.filter(s=>Date.parse(s.started_at)>r);return[...n,e,...i.slice(n.length)]}function Ve(o,e){let t={direction:"in",status:"missed",call_id:null,duration:0,ringing_duration:null,price:null,own_formatted:null},i=o.map(r=>({key:r.uid,call:{...t,...r},waiting:r}));return i.length?[{key:"waiting",day:e.localize("waiting")},...i]:[]}function Ze(o,e){return K(o)==="missed"&&e.some(({number:t,first_at:i})=>t===o.number&&i<=o.started_at)}function Ge(o,e,t){let i=new Set,r=s=>{for(;i.has(s);)s+="'";return i.add(s),s},n;return o.flatMap(s=>{let a=new Date(s.started_at),l=e.dayKey(a),m={key:r(rt(s)),call:s};return l===n?[m]:(n=l,[{key:r(l),day:e.day(a,t)},m])})}function rt(o){return`call ${o.call_id??`${o.started_at} ${o.number}`}`}function Ot(o){return o.replace(/^00/,"+")}async function Ye(o){try{return await navigator.clipboard.writeText(o),!0}catch{return Li(o)}}function Li(o){let e=document.createElement("textarea");e.value=o,e.style.position="fixed",e.style.opacity="0",document.body.append(e),e.select();let t=document.execCommand("copy");return e.remove(),t}function b(o,e,t){o.dispatchEvent(new CustomEvent(e,{bubbles:!0,composed:!0,detail:t}))}var Mi=30,Nt=class{constructor(e,t){this.c=e;this.ht=t;this.calls=[];this.waiting=[];this.isReachable=!0;this.isOnline=!0;this.isActive=!1;this.clockOffset=0;this.ct=!1;this.pt=0;this.kt=new IntersectionObserver(e=>{this.ct=e[e.length-1]?.isIntersecting??!1,this.Z()});this.Z=()=>{let e=this.c.isConnected&&this.ct&&!document.hidden&&!!this.m;e!==this.isActive&&(this.isActive=e,e?this.nt():this.zt(),this.c.requestUpdate())};this.Tt=()=>{this.isOnline=!0,this.ht.reconnected(),this.isActive&&this.nt(),this.c.requestUpdate()};this.Pt=()=>{this.isOnline=!1,this.W=void 0,this.c.requestUpdate()};e.addController(this)}hostConnected(){this.kt.observe(this.c),document.addEventListener("visibilitychange",this.Z),this.m&&this.St(this.m)}hostDisconnected(){this.kt.disconnect(),document.removeEventListener("visibilitychange",this.Z),this.ct=!1,this.Z(),this.m&&this.Rt(this.m)}subscribeTo(e,t){e!==this.m&&(this.m&&this.Rt(this.m),this.m=e,this.c.isConnected&&this.St(e)),t!==this.ot&&(this.ot=t,this.account=void 0,this.calls=this.waiting=[],this.isActive&&this.nt()),this.Z()}St(e){e.addEventListener("ready",this.Tt),e.addEventListener("disconnected",this.Pt),this.isOnline=e.connected!==!1}Rt(e){e.removeEventListener("ready",this.Tt),e.removeEventListener("disconnected",this.Pt)}zt(){clearTimeout(this.Et),this.W?.(),this.W=void 0}async nt(){this.zt();let e={type:`${v}/subscribe`,...this.ot&&{config_entry_id:this.ot}},t=!0,i,r=this.W=()=>{t=!1,i?.().catch(()=>{})},n=s=>{t&&this.ee(s)};try{i=await this.m?.subscribeMessage(n,e,{resubscribe:!1}),this.pt=0,t||i?.().catch(()=>{})}catch{if(!t||this.W!==r)return;let s=Math.min(2**this.pt,Mi);this.pt+=1,this.Et=setTimeout(()=>{this.isActive&&this.isOnline&&this.nt()},s*1e3)}}ee({account:e,calls:t,is_reachable:i,now:r,recorded:n,waiting:s}){if(e){let a=this.account;this.account=e,e.state!=="loaded"&&(this.calls=[]),this.ht.accountUpdated(e,a)}t&&(this.calls=t,this.isReachable=i??!0,this.clockOffset=Date.parse(r??"")-Date.now()||0),s&&(this.waiting=s),n&&this.ht.callRecorded(n),this.c.requestUpdate()}};function ot(o){let[e,t,i]=[o/3600,o/60%60,o%60].map(r=>String(Math.floor(r)));return[...e==="0"?[t]:[e,t?.padStart(2,"0")],i?.padStart(2,"0")].join(":")}var Di={12:"h12",24:"h23"},Kt=class{constructor(e){this.i=e;let{language:t,time_format:i,time_zone:r}=e.locale;this.st=r==="server"?{timeZone:e.config.time_zone}:{},this.Lt=new Intl.DateTimeFormat(i==="system"?void 0:t,{hour:i==="24"?"2-digit":"numeric",minute:"2-digit",hourCycle:Di[i],...this.st}),this.Mt=new Intl.DateTimeFormat("sv",this.st)}localize(e,t){return E(this.i.locale.language,e,t)}time(e){return this.Lt.format(e)}money(e){return this.Dt(String(e),{device_class:"monetary",unit_of_measurement:"CZK"})}dateTime(e){return this.Dt(e,{device_class:"timestamp"})}dayKey(e){return this.Mt.format(e)}day(e,t){let[i,r]=[this.dayKey(e),this.dayKey(t)],n=(Date.parse(i)-Date.parse(r))/864e5,{language:s}=this.i.locale,a=n===0||n===-1?new Intl.RelativeTimeFormat(s,{numeric:"auto"}).format(n,"day"):e.toLocaleDateString(s,{weekday:"long",day:"numeric",month:"long",year:i<r.slice(0,4)?"numeric":void 0,...this.st});return a.charAt(0).toLocaleUpperCase()+a.slice(1)}Dt(e,t){return this.i.formatEntityState({entity_id:"sensor._odorik",state:e,attributes:t})}};var ft=50,Hi=200,Ft=class{constructor(e,t,i){this.c=e;this.re=t;this.ft=i;this.filter={show:"all",search:""};this.rows=[];this.before=null;this.isLoading=!1;this.S=ft;this.mt=0;this.Ht=!1}setFilter(e){this.filter=e,this.S=ft,this.load()}invalidate(){this.G=void 0}clear(){this.invalidate(),this.S=ft,this.rows=[],this.before=null}refreshIfStale(e){e!==void 0&&e===this.G||(this.G=e,this.load())}add(e){this.G=e.call_id??this.G;let t=this.isLoading&&!this.Ht;this.filter.search||this.filter.contact||t?this.load():this.rows=this.ie(We(this.rows,e,this.filter.show))}ie(e){let t=e[this.S-1];if(!t||this.isLoading)return e;let i=Date.parse(t.started_at),r=e.filter(({started_at:n},s)=>s<this.S||Date.parse(n)===i);return r.length<e.length&&(this.before=t.started_at),r}async load(e=!1){let{show:t,search:i,contact:r}=this.filter,n=this.re({show:t,limit:e?ft:Math.min(this.S,Hi),...r?{number:r.number}:i&&{search:i},...e&&this.before&&{before:this.before}});if(!n){this.invalidate();return}let s=this.mt+=1;this.isLoading=!0,this.Ht=e,this.error=void 0,this.c.requestUpdate();try{let a=await n;if(s!==this.mt)return;this.rows=e?[...this.rows,...a.calls]:a.calls,this.before=a.before,this.S=Math.max(ft,this.rows.length)}catch(a){let l=await this.ft(a);if(s!==this.mt)return;this.error={text:l,isNextPage:e}}this.isLoading=!1,this.c.requestUpdate()}};var Xe=x`:host{--ink: var(--primary-text-color);--faint: var(--secondary-text-color);--label: var(--secondary-text-color);--call: #2a6a2d;--end: #b3372b;--bell: #01579b;--accent: var(--primary-text-color);--alarm: var(--ha-color-on-danger-normal);--soft: rgba(127, 127, 127, .1);--tint: rgba(var(--rgb-primary-color), .14);--pressed: rgba(var(--rgb-primary-color), .18);--call-tint: rgba(67, 160, 71, .12);--alarm-tint: rgba(219, 68, 55, .14);height:100%;min-width:0}@supports (color: color-mix(in srgb,red,red)){:host{--label: color-mix(in srgb, var(--faint) 70%, var(--ink));--call: color-mix(in srgb, var(--success-color) 62%, black);--end: color-mix(in srgb, var(--error-color) 82%, black);--bell: color-mix(in srgb, var(--primary-color) 65%, black);--accent: color-mix(in srgb, var(--primary-color) 60%, var(--ink));--alarm: color-mix(in srgb, var(--error-color) 72%, var(--ink));--soft: color-mix(in srgb, var(--ink) 6%, transparent);--tint: color-mix(in srgb, var(--primary-color) 14%, transparent);--pressed: color-mix(in srgb, var(--primary-color) 18%, var(--card-background-color));--call-tint: color-mix(in srgb, var(--success-color) 12%, transparent);--alarm-tint: color-mix(in srgb, var(--error-color) 14%, transparent)}}ha-card{display:flex;flex-direction:column;gap:12px;box-sizing:border-box;height:100%;padding:16px;overflow:auto;color:var(--ink);font-size:var(--ha-font-size-m, 14px);line-height:1.4}h2{margin:0;font-size:20px;font-weight:400;line-height:1.2}.now li{padding:12px;border-radius:12px;background:var(--call-tint)}.now li+li{margin-top:8px}.now .ringing{background:var(--tint)}.narrow{padding:12px}.wide .ringing{padding:24px;border-radius:20px}`;var Je=x`.choices{margin-top:8px;display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:8px}.choices span{padding:0 4px;font-size:12px;color:var(--faint)}.ask{padding:4px 0}`;var g=o=>d`<ha-icon icon=${o} aria-hidden="true"></ha-icon>`;var Qe=x`:host{flex:1;min-width:0}.options{position:absolute;z-index:3;inset-inline:0;top:44px;padding:4px;border-radius:12px;border:1px solid var(--divider-color);background:var(--card-background-color);box-shadow:0 4px 16px #0004}li{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 12px;padding:9px 10px;border-radius:8px;cursor:pointer}li:is([aria-selected=true],:hover){background:var(--soft)}`;var F=x`:host{display:block}[hidden]{display:none!important}ha-icon{--mdc-icon-size: 22px;flex:none}button,input,select,textarea{box-sizing:border-box;min-width:0;min-height:40px;padding:0 14px;border:0;border-radius:20px;font:inherit;color:inherit;background-color:var(--soft)}button{display:inline-flex;align-items:center;justify-content:center;gap:6px;cursor:pointer;font-weight:500;white-space:nowrap}button:hover{background-image:linear-gradient(var(--soft) 0 0)}button:disabled{cursor:default;opacity:.5}.call,.end{color:#fff;background-color:var(--call)}.end{background-color:var(--end)}.round{flex:none;width:40px;padding:0;color:var(--accent)}:focus-visible{outline:2px solid var(--accent);outline-offset:2px}input,select,textarea{width:100%;border-radius:12px}option{color:var(--ink);background:var(--card-background-color)}input::placeholder{color:var(--faint);opacity:1}ul{margin:0;padding:0;list-style:none}.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.cut{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.muted{color:var(--faint)}.row{display:flex;align-items:center;gap:12px}.who,.field{flex:1;min-width:0}.field{position:relative}.field>ha-icon{position:absolute;inset-inline-start:10px;top:9px;color:var(--faint);pointer-events:none}.field>ha-icon+input{padding-inline-start:42px}.name{font-weight:500}.meta{text-align:end;font-variant-numeric:tabular-nums}.said:not(:empty){padding:8px 4px 0;overflow-wrap:anywhere}.bad{color:var(--alarm)}.disc{display:grid;place-items:center;flex:none;width:40px;height:40px;border-radius:50%;color:var(--accent);background:var(--tint)}@media(prefers-reduced-motion:reduce){*{animation:none!important}}`;var C=class extends k{constructor(){super(...arguments);this.size=""}e(t,i){return this.formats.localize(t,i)}async s(t){await this.updateComplete,this.renderRoot.querySelector(t)?.focus()}at(t){return d`<div
class="said ${t?.state==="failed"?"bad":""}"
role="status"
.textContent=${t?.text??""}
></div>`}};C.styles=[F],c([h({attribute:!1})],C.prototype,"formats",2),c([h({reflect:!0})],C.prototype,"size",2);var P=class extends C{constructor(){super(...arguments);this.label="";this.isMain=!1;this.contacts=[];this.choice=it;this.f=!1;this.y=-1}focus(){this.s("input")}get Ut(){return this.f?je(this.contacts,this.choice):[]}It(t,i){this.f=i,this.y=-1,this.choice=t,this.dispatchEvent(new CustomEvent("odorik-choice",{detail:t}))}jt(t){this.It({text:S(t),picked:t},!1)}Y(t){this.It({text:t.target.value},!0)}oe(){this.f=!0}X(){this.f=!1,this.y=-1}J(t){let{Ut:i}=this,r=i.length,n=i[this.y];if(t.key==="Enter")n?this.jt(n):this.dispatchEvent(new Event("odorik-enter"));else if(t.key==="Escape"&&r)this.X();else if(t.key==="ArrowDown"&&r)this.y=(this.y+1)%r;else if(t.key==="ArrowUp"&&r)this.y=(Math.max(this.y,0)+r-1)%r;else return;t.preventDefault(),t.stopPropagation()}render(){let{Ut:t,y:i}=this;return d`<div class="field">
${this.isMain?g("mdi:dialpad"):p}
<input
type="text"
inputmode=${this.isMain?"text":"tel"}
autocomplete="off"
spellcheck="false"
enterkeyhint="go"
placeholder=${this.isMain?this.label:p}
role="combobox"
aria-label=${this.label}
aria-autocomplete="list"
aria-expanded=${String(t.length>0)}
aria-controls="options"
aria-activedescendant=${i>=0?`option-${i}`:p}
.value=${this.choice.text}
@input=${this.Y}
@focus=${this.oe}
@blur=${this.X}
@keydown=${this.J}
/>
<ul
id="options"
class="options"
role="listbox"
aria-label=${this.label}
?hidden=${!t.length}
>
${t.map((r,n)=>this.ne(r,n))}
</ul>
</div>`}ne(t,i){return d`<li
id=${`option-${i}`}
role="option"
aria-selected=${String(i===this.y)}
@pointerdown=${r=>{r.preventDefault()}}
@click=${()=>{this.jt(t)}}
>
<bdi class="cut">${S(t)}</bdi>
${t.name?d`<bdi class="muted">${t.formatted}</bdi>`:p}
</li>`}};P.styles=[...C.styles,Qe],c([h({attribute:!1})],P.prototype,"label",2),c([h({attribute:!1})],P.prototype,"isMain",2),c([h({attribute:!1})],P.prototype,"contacts",2),c([h({attribute:!1})],P.prototype,"choice",2),c([$()],P.prototype,"f",2),c([$()],P.prototype,"y",2),P=c([_("odorik-number-field")],P);var z=class extends C{constructor(){super(...arguments);this.origin=""}willUpdate(t){let{origin:i}=this,r=this.context.outcomes.get(i);!t.has("context")||r?.state===t.get("context")?.outcomes.get(i)?.state||(this.w=r,r?.state==="done"&&this.Ot())}get gt(){let{isOnline:t,outcomes:i}=this.context;return!t||(i.get(this.origin)?.isLocked??!1)}};c([h({attribute:!1})],z.prototype,"context",2),c([h({attribute:!1})],z.prototype,"origin",2),c([$()],z.prototype,"w",2);var q=class extends z{constructor(){super(...arguments);this.origin="dial";this.E=it}Ot(){this.E===this.Kt&&(this.E=it)}focus(){this.s("odorik-number-field")}get Ft(){let{lastCaller:t}=this.context;return this.Nt??(t?{text:S(t),picked:t}:it)}get qt(){let{lines:t,contacts:i}=this.context.account;return[...t.map(({line:r,name:n})=>({number:String(r),name:n,formatted:String(r)})),...i]}se({detail:t}){this.E=t,t.text.trim()&&(this.w=void 0)}ae({detail:t}){this.Nt=t}Q(t){t.preventDefault();let i=this.recipient??ne(this.context.account.contacts,this.E);if(!i||this.gt)return;let r=this.context.account.caller?void 0:ne(this.qt,this.Ft);if(!this.context.account.caller&&!r){this.w={state:"done",text:this.e("ring_first_ask")},this.s(".first");return}this.Kt=this.E;let n=this.renderRoot.querySelector("select")?.value;b(this,"odorik-order",{origin:this.origin,recipient:i.number,who:S(i),caller:r,line:n?Number(n):void 0})}render(){let{recipient:t}=this,{caller:i}=this.context.account,r=this.E.text.trim()!=="",n=t?this.e("call_back",{who:S(t)}):this.e("dial_help");return d`<form aria-label=${n} @submit=${this.Q}>
${t?d`<div class="ask">${this.e("ring_first_ask")}</div>`:p}
<div class="row">
${t?this.Bt():this.le()}
<button
class="call"
type="submit"
title=${this.e("dial_help")}
?disabled=${this.gt}
>
${g("mdi:phone")}<span>${this.e("call")}</span>
</button>
</div>
${t?p:this.ce(r)}
${i&&r?d`<div class="said muted">
${this.e("rings_first",{who:S(i)})}
</div>`:p}
${this.at(this.w)}
</form>`}le(){return d`<odorik-number-field
.label=${this.e("dial")}
.isMain=${!0}
.contacts=${this.context.account.contacts}
.choice=${this.E}
@odorik-choice=${this.se}
@odorik-enter=${this.Q}
></odorik-number-field>`}Bt(){return d`<odorik-number-field
class="first"
.label=${this.e("ring_first")}
.contacts=${this.qt}
.choice=${this.Ft}
@odorik-choice=${this.ae}
@odorik-enter=${this.Q}
></odorik-number-field>`}ce(t){let{caller:i,lines:r}=this.context.account;return d`<div class="choices" ?hidden=${!t}>
${i?p:d`<div><span aria-hidden="true">${this.e("ring_first")}</span>${this.Bt()}</div>`}
${r.length>1?d`<label>
<span>${this.e("line")}</span>
<select>
<option value="">${this.e("default_line")}</option>
${r.map(({line:n,name:s})=>d`<option value=${n}>${s??n}</option>`)}
</select>
</label>`:p}
</div>`}};q.styles=[...z.styles,Je],c([h({attribute:!1})],q.prototype,"recipient",2),c([$()],q.prototype,"E",2),c([$()],q.prototype,"Nt",2),q=c([_("odorik-dial")],q);var ti=x`.figures{display:flex;flex-wrap:wrap;gap:8px}.figure{flex:1 1 0;min-width:auto;max-width:100%;min-height:52px;padding:6px 10px;gap:10px;justify-content:flex-start;border-radius:12px;text-align:start;font-variant-numeric:tabular-nums}ha-icon{color:var(--accent)}.alert ha-icon,.alert .value{color:var(--alarm)}.figure>span{min-width:0}.label,.value{display:block}.label{font-size:12px;font-weight:400;color:var(--label)}.value{font-size:16px;line-height:1.25}:host([size~="small"]) ha-icon{display:none}:host([size~="small"]) .figure{padding:6px 8px}:host([size~="narrow"]) .figures{gap:6px}:host([size~="narrow"]) .figure{padding:6px}:host([size~="narrow"]) .value{font-size:15px}`;var Ui={balance:"mdi:wallet-outline",missed_calls_today:"mdi:phone-missed",cost_this_month:"mdi:cash-multiple"};function ei(o,e,t,i){let r=o==="missed_calls_today"&&Number(e.state)>0;return{icon:Ui[o],label:t,value:i,isAlert:r,entityId:e.entity_id}}var J=class extends k{constructor(){super(...arguments);this.figures=[];this.size=""}render(){return d`<div class="figures" ?hidden=${!this.figures.length}>
${this.figures.map(({entityId:t,isAlert:i,label:r,value:n,...s})=>d`<button
class="figure ${i?"alert":""}"
@click=${()=>{b(this,"hass-more-info",{entityId:t})}}
>
${g(s.icon)}
<span
><span class="label cut">${r}</span><span class="value cut">${n}</span></span
>
</button>`)}
</div>`}};J.styles=[F,ti],c([h({attribute:!1})],J.prototype,"figures",2),c([h({reflect:!0})],J.prototype,"size",2),J=c([_("odorik-figures")],J);var ii=x`:host{display:flex;flex:1 1 auto;flex-direction:column;gap:8px;min-height:220px}.tools{display:flex;flex-wrap:wrap;gap:8px}.filters{display:flex;flex:1 1 auto;border-radius:20px;background:var(--soft)}.filters button{flex:1 1 auto;padding:0 8px;background-color:transparent;font-weight:400}.filters [aria-pressed=true]{background-color:var(--pressed);color:var(--accent);font-weight:500}.filters b{padding:0 6px;border-radius:10px;color:var(--card-background-color);background:var(--alarm)}.field{flex:1 1 240px}.contact{flex:1 1 240px;min-width:0;padding-inline-start:10px;border-radius:20px;color:var(--accent);background:var(--tint)}.scroll{flex:1 1 auto;min-height:0;overflow-y:auto;margin-inline:-8px;padding-inline:8px;scroll-padding-top:36px}:host(:not([filled])) .scroll{max-height:480px}.day{position:sticky;top:0;z-index:1;padding:10px 4px 4px;font-size:12px;font-weight:500;color:var(--faint);background:linear-gradient(var(--ha-card-background, var(--card-background-color)) 0 0),var(--primary-background-color)}odorik-history-row:not(:focus-within){content-visibility:auto;contain-intrinsic-size:1px 56px;contain-intrinsic-height:auto 56px}.foot{display:flex;flex-direction:column;align-items:center;gap:8px;padding:8px 0;text-align:center}.blank{padding:24px 0;color:var(--faint)}.blank ha-icon{--mdc-icon-size: 40px;display:block;margin-bottom:8px}:host([size~="narrow"]) .filters button{padding:0 6px;font-size:13px}`;var ri=x`.entry{display:flex;align-items:center;gap:4px}.main{flex:1;min-height:56px;padding:6px 4px;gap:12px;border-radius:12px;background:none;font-weight:400;text-align:start}.sub{font-size:13px;color:var(--faint)}.due .disc{color:var(--alarm);background:var(--alarm-tint)}.due .name{color:var(--alarm)}.unanswered .disc{color:var(--faint);background:var(--soft)}.more{padding:4px 4px 12px;padding-inline-start:56px}dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px;margin:0}dt{color:var(--faint)}dd{margin:0;overflow-wrap:anywhere}.actions{display:flex;flex-wrap:wrap;gap:8px;padding-top:10px}.actions button{max-width:100%;font-weight:400}:host([size~="narrow"]) .more{padding-inline-start:4px}:host([size~="narrow"]) .extra{display:none}`;var oi=x`[role=dialog]{margin-top:4px;padding:12px;border-radius:12px;border:1px solid var(--divider-color);outline:none;overflow-wrap:anywhere}textarea{display:block;margin:8px 0;padding:10px 14px;border-radius:12px;resize:vertical}.said:not(:empty){padding-inline:0}.sent{color:var(--ink);white-space:pre-wrap}.buttons{display:flex;flex-wrap:wrap;justify-content:flex-end;gap:8px;padding-top:10px}`;var Ii=200,O=class extends z{constructor(){super(...arguments);this.b="";this.lt=""}focus(){this.s("textarea")}Ot(){this.b=this.lt="",this.tt=void 0}get Vt(){let{tt:t,w:i}=this;return!this.gt&&!i?.isUnclear&&t?.error===null&&this.lt===this.b&&this.b.trim()!==""}Y(t){this.b=t.target.value,this.w=void 0,clearTimeout(this.Wt),this.Wt=setTimeout(()=>{this.de()},Ii)}async de(){let{b:t}=this,i=await this.context.previewMessage(this.recipient.number,t);t===this.b&&(this.tt=i,this.lt=t)}J(t){t.key==="Escape"&&(t.stopPropagation(),this.X())}X(){this.dispatchEvent(new Event("close"))}Q(t){if(t.preventDefault(),!this.Vt)return;let{origin:i,recipient:r,b:n}=this;b(this,"odorik-send",{origin:i,recipient:r,message:n}),this.s("[role=dialog]")}Zt(t){let i=t>1&&t<5?"parts_few":"parts";return this.e(t===1?"parts_one":i,{count:t})}get pe(){let{error:t,length:i,max_length:r,parts:n=0}=this.tt??{};return t===null&&i?this.e("counter",{length:i,max:r,parts:this.Zt(n)}):""}render(){let{recipient:t,tt:i,w:r}=this,n=i?.error,s=!n&&i?.length&&i.text!==this.lt.normalize(),a=n?1:i?.parts??1;return d`<div
role="dialog"
tabindex="-1"
aria-label=${this.e("write",{who:S(t)})}
@keydown=${this.J}
>
<form @submit=${this.Q}>
<div>
<bdi class="name">${S(t)}</bdi>
${t.name?d`<bdi class="muted"> · ${t.formatted}</bdi>`:p}
</div>
<textarea
rows="3"
aria-label=${this.e("message")}
aria-describedby="counter"
aria-invalid=${String(!!n)}
.value=${this.b}
?readonly=${r?.state==="pending"}
@input=${this.Y}
></textarea>
<div id="counter" class="muted" aria-live="polite">${this.pe}</div>
${s?d`<div class="muted">
${this.e("sent_as")} <bdi class="sent">${i.text}</bdi>
</div>`:p}
${this.at(r??(n?{state:"failed",text:n}:void 0))}
<div class="buttons">
<button type="button" @click=${this.X}>${this.e("cancel")}</button>
<button class="call" type="submit" ?disabled=${!this.Vt}>
${g("mdi:send")}<span
>${a>1?this.e("send",{parts:this.Zt(a)}):this.e("send_message")}</span
>
</button>
</div>
</form>
</div>`}};O.styles=[...z.styles,oi],c([h({attribute:!1})],O.prototype,"recipient",2),c([$()],O.prototype,"b",2),c([$()],O.prototype,"tt",2),c([$()],O.prototype,"lt",2),O=c([_("odorik-message-form")],O);var L=class extends C{constructor(){super(...arguments);this.isDue=!1;this.f=!1;this.yt=!1}get d(){return this.context.outcomes.get(rt(this.call))}get he(){return this.waiting&&this.context.outcomes.get(Mt(this.waiting))}willUpdate(t){let{n:i,waiting:r}=this;if(!t.has("context")||!i)return;let n=i==="message"&&r?Mt(r):rt(this.call),s=t.get("context")?.outcomes.get(n)?.state;this.context.outcomes.get(n)?.state==="done"&&s!=="done"&&this.vt()}vt(){let t=this.n==="dial"?".back":".write";this.n=void 0,this.s(t)}ue(){if(this.n==="message"){this.vt();return}this.n="message",this.yt=!0,this.s("odorik-message-form")}me(){this.f=!this.f}fe(){let{account:t,isOnline:i}=this.context,{number:r}=this.call;t.caller?r&&i&&!this.d?.isLocked&&b(this,"odorik-order",{origin:rt(this.call),recipient:r,who:T(this.call,this.formats)}):(this.n=this.n==="dial"?void 0:"dial",this.n&&this.s("odorik-dial"))}render(){let{call:t,context:i}=this,r=K(t),n=It(t),s=[this.n==="dial"?void 0:this.d,this.n==="message"?void 0:this.he],a=this.f||this.n!==void 0||s.some(Boolean),l=r!=="missed"&&r!=="gate"&&t.status!=="answered";return d`<div
class="entry ${r==="missed"?r:""} ${this.isDue?"due":""} ${l?"unanswered":""}"
>
${this.ge()}
${this.waiting&&i.account.inbox?this.ye(this.waiting):p}
${n&&this.waiting?.may_write?this.ve():p}
${n&&i.account.may_control?this.be():p}
</div>
${a||this.yt?this.xe(n,s,!a):p}`}xe(t,i,r){let{call:n,context:s,formats:a,waiting:l}=this;return d`<div class="more" ?hidden=${r}>
${this.f?this._e(t):p}
${this.n==="dial"?d`<odorik-dial
.formats=${a}
.context=${s}
.origin=${rt(n)}
.recipient=${t}
></odorik-dial>`:p}
${this.yt&&t&&l?d`<odorik-message-form
?hidden=${this.n!=="message"}
.formats=${a}
.context=${s}
.origin=${Mt(l)}
.recipient=${s.account.recipients.find(({number:m})=>m===n.number)??t}
@close=${this.vt}
></odorik-message-form>`:p}
${i.map(m=>this.at(m))}
</div>`}ge(){let{call:t,formats:i}=this,r=K(t),[n,s]=[new Date(t.started_at),new Date],l=[this.waiting&&i.dayKey(n)!==i.dayKey(s)?i.day(n,s):"",i.time(n),qe(t,i)].filter(Boolean);return d`<button class="main" aria-expanded=${String(this.f)} @click=${this.me}>
<span class="disc">${g(ae[r])}</span>
<span class="who">
<span class="sr">${this.e(`call_${r}`)}: </span>
<div class="name cut">
<bdi>${T(t,i)}</bdi
>${(this.waiting?.count??1)>1?` (${this.waiting?.count}×)`:""}
</div>
<div class="sub cut">
<bdi
>${l.join(" · ")}${t.name?d`<span class="extra"> · ${t.formatted}</span>`:p}</bdi
>
</div>
</span>
<span class="meta">
<div>${t.status==="answered"?ot(t.duration??0):""}</div>
<div class="sub">${t.price?i.money(t.price):""}</div>
</span>
</button>`}ye({uid:t}){let i=this.e("done",{who:T(this.call,this.formats)});return d`<button
class="round tick"
aria-label=${i}
title=${i}
@click=${()=>{b(this,"odorik-complete",t)}}
>
${g("mdi:check")}
</button>`}ve(){let t=this.e("write",{who:T(this.call,this.formats)});return d`<button
class="round write"
aria-label=${t}
title=${t}
aria-expanded=${String(this.n==="message")}
?disabled=${!this.context.isOnline}
@click=${this.ue}
>
${g("mdi:message-text")}
</button>`}be(){let{account:t,isOnline:i}=this.context,r=this.e("call_back",{who:T(this.call,this.formats)}),n=!i||t.caller&&this.d?.isLocked;return d`<button
class="round back"
aria-label=${r}
title=${r}
?disabled=${n}
@click=${this.fe}
>
${g("mdi:phone")}
</button>`}$e(){let{call:t,formats:i}=this,r=K(t),n=t.status==="missed"&&r!=="missed"?` · ${this.e("not_answered")}`:"";return[[`call_${r}`,i.dateTime(t.started_at)+n],["number",t.formatted??this.e("withheld")],[t.direction==="out"?"caller_id":"own_number",t.own_formatted],["line",[t.line_name,t.line].filter(Boolean).join(" · ")],["redirected_to",t.redirected_to],["rang",t.ringing_duration===null?"":ot(t.ringing_duration)],["duration",t.status==="answered"?ot(t.duration??0):""],["price",t.price===null?"":i.money(t.price)]]}_e(t){return d`<dl>
${this.$e().map(([i,r])=>r?d`<dt>${this.e(i)}</dt>
<dd><bdi>${r}</bdi></dd>`:p)}
</dl>
${t?this.we(t):p}`}we(t){let{formats:i}=this;return d`<div class="actions">
<button
@click=${()=>{b(this,"odorik-filter",Lt(t))}}
>
${g("mdi:history")}<span class="cut"
>${this.e("calls_with",{who:T(t,i)})}</span
>
</button>
<button
@click=${()=>{b(this,"odorik-copy",Ot(t.number))}}
>
${g("mdi:content-copy")}<span>${this.e("copy_number")}</span>
</button>
</div>`}};L.styles=[...C.styles,ri],c([h({attribute:!1})],L.prototype,"call",2),c([h({attribute:!1})],L.prototype,"waiting",2),c([h({attribute:!1})],L.prototype,"isDue",2),c([h({attribute:!1})],L.prototype,"context",2),c([$()],L.prototype,"f",2),c([$()],L.prototype,"n",2),L=c([_("odorik-history-row")],L);var ji=["all","missed","incoming","outgoing"],Oi=["rows","formats","today","waiting","filter"],Ni=400,R=class extends C{constructor(){super(...arguments);this.rows=[];this.waiting=[];this.hasMore=!1;this.isLoading=!1;this.today="";this.bt=[];this.xt=!1}willUpdate(t){if(Oi.some(i=>t.has(i))){let{show:i,search:r,contact:n}=this.filter,s=i==="missed"&&!r&&!n?Ve(this.waiting,this.formats):[];this.bt=[...s,...Ge(this.rows,this.formats,new Date)]}}updated(t){t.has("waiting")&&this.xt&&(this.xt=!1,this.s("[aria-pressed=true]"));let i=t.get("filter");i&&(this.renderRoot.querySelector(".scroll")?.scrollTo(0,0),this.filter.contact&&!i.contact&&this.s(".contact button"),i.contact&&!this.filter.contact&&this.s("input"))}Y(t){let i=t.target.value.trim();clearTimeout(this.Gt),this.Gt=setTimeout(()=>{i!==this.filter.search&&b(this,"odorik-filter",{...this.filter,search:i})},Ni)}render(){let{contact:t}=this.filter;return d`<div class="tools">
<div class="filters" role="group" aria-label=${this.e("filter")}>
${ji.map(i=>this.Ce(i))}
</div>
${t?this.Ae(t):this.Ee()}
</div>
<div class="scroll">
<ul
aria-label=${this.e("history")}
@odorik-complete=${()=>{this.xt=!0}}
>
${zt(this.bt,({key:i})=>i,i=>i.call?this.ke(i.call,i.waiting):d`<li class="day">${i.day}</li>`)}
</ul>
<div class="foot" role="status">${this.Se()}</div>
</div>`}Ce(t){let i=()=>{b(this,"odorik-filter",{...this.filter,show:t})},r=t==="missed"?this.waiting.length:0,n=r?`${this.e("waiting")}: ${r}`:"";return d`<button
aria-pressed=${String(t===this.filter.show)}
title=${n}
@click=${i}
>
${this.e(t)}${r?d`<b aria-hidden="true">${r}</b>`:p}
</button>`}Ee(){let t=this.e("search");return d`<div class="field">
${g("mdi:magnify")}
<input
type="search"
placeholder=${t}
aria-label=${t}
value=${this.filter.search}
@input=${this.Y}
/>
</div>`}Ae(t){let i=this.e("all_calls"),r=()=>{b(this,"odorik-filter",{show:this.filter.show,search:""})};return d`<div class="contact row">
${g("mdi:account")}
<bdi class="who cut"
>${S(t)}${t.name?d`<span class="muted"> · ${t.formatted}</span>`:p}</bdi
>
<button class="round" aria-label=${i} title=${i} @click=${r}>
${g("mdi:close")}
</button>
</div>`}ke(t,i){return d`<li class=${K(t)==="missed"?"missed":""}>
<odorik-history-row
.formats=${this.formats}
.size=${this.size}
.call=${t}
.waiting=${i}
.isDue=${Ze(t,this.waiting)}
.context=${this.context}
></odorik-history-row>
</li>`}Se(){let{filter:t,error:i}=this;if(this.isLoading)return d`<span class="muted">${this.e("loading")}</span>`;if(i)return d`<span class="said bad">${i.text}</span
>${this.Yt(this.e("retry"),i.isNextPage)}`;let r=t.show==="all"&&!t.search&&!t.contact,n=this.e(t.search||t.contact?"older":"more");return d`${this.bt.length?p:d`<div class="blank">
${g("mdi:phone-log")}${this.e(r?"empty":"no_matches")}
</div>`}
${this.hasMore?this.Yt(n,!0):p}`}Yt(t,i){return d`<button @click=${()=>{b(this,"odorik-load",{isNextPage:i})}}>${t}</button>`}};R.styles=[...C.styles,ii],c([h({attribute:!1})],R.prototype,"filter",2),c([h({attribute:!1})],R.prototype,"rows",2),c([h({attribute:!1})],R.prototype,"waiting",2),c([h({attribute:!1})],R.prototype,"hasMore",2),c([h({attribute:!1})],R.prototype,"isLoading",2),c([h({attribute:!1})],R.prototype,"error",2),c([h({attribute:!1})],R.prototype,"today",2),c([h({attribute:!1})],R.prototype,"context",2),R=c([_("odorik-history")],R);var ni=x`.name{display:block;max-width:100%;font-size:16px}button.name{min-height:28px;padding:0;border-radius:6px;background:none;line-height:1.4}button.name:hover{text-decoration:underline}.sub{color:var(--label)}.clock{font-size:16px;font-weight:500}.sure{display:flex;align-items:center;flex-wrap:wrap;justify-content:flex-end;padding-top:10px;gap:8px}.sure>span{flex:1}.disc{color:#fff;background:var(--call)}.ringing .disc{background:var(--bell);animation:ring 1.6s infinite}.ringing .name{font-size:20px}@keyframes ring{0%,60%,to{transform:rotate(0)}10%,30%,50%{transform:rotate(-11deg)}20%,40%{transform:rotate(11deg)}}:host([size~="small"]) .row{gap:8px}:host([size~="small"]) .row>.end{width:44px;height:44px;padding:0;border-radius:50%}:host([size~="small"]) .row>.end>span{display:none}:host([size~="wide"]) .ringing,:host([size~="wide"]) .ringing+.sure{gap:24px;font-size:22px}:host([size~="wide"]) .ringing ha-icon{--mdc-icon-size: 44px}:host([size~="wide"]) .ringing .disc{width:88px;height:88px}:host([size~="wide"]) .ringing .name{font-size:clamp(32px,calc(var(--card-width) * .05),60px);line-height:1.15}:host([size~="wide"]) .ringing .clock{font-size:32px}:host([size~="wide"]) .ringing .end,:host([size~="wide"]) .ringing+.sure button{min-height:80px;padding:0 32px;border-radius:40px;font-size:24px;gap:12px}`;var M=class extends C{constructor(){super(...arguments);this.now=0;this.hasHistory=!1;this.z=!1}willUpdate(t){!t.has("context")||!this.z||this.d?.state!=="failed"||t.get("context")?.outcomes.get(mt(this.call))!==this.d&&this._t()}get d(){return this.context.outcomes.get(mt(this.call))}Re(){this.z=!0,this.s(".sure .end")}_t(){this.z=!1,this.s(".row .end")}J(t){t.key==="Escape"&&this.d?.state!=="pending"&&this._t()}render(){let{call:t}=this,i=!t.answered_at,r=T(t,this.formats),n=t.line_name??t.line;return d`<div class="row ${i?"ringing":""}">
<div class="disc">${g(Fe(t))}</div>
<div class="who">
${this.Te(r)}
<div class="sub">
${[this.e(jt(t)),n].filter(Boolean).join(" · ")}
</div>
<div class="sub cut"><bdi>${t.name?t.formatted:""}</bdi></div>
</div>
<div class="meta">
<div class="clock" role="timer">${ot(le(t,this.now))}</div>
<div class="sub">${this.Pe}</div>
</div>
${this.context.account.may_control&&!this.z?this.ze(r):p}
</div>
${this.z?this.Le():p}
${this.at(this.d?.state==="failed"&&!this.z?this.d:void 0)}`}get Pe(){let{answered_at:t,price_per_minute:i}=this.call;return!t||!i?"":this.formats.money(i*le(this.call,this.now)/60)}Te(t){let i=It(this.call);if(!i||!this.hasHistory)return d`<bdi class="name cut">${t}</bdi>`;let r=this.e("calls_with",{who:t});return d`<button class="name cut" aria-label=${r} @click=${()=>{b(this,"odorik-filter",Lt(i))}}>
<bdi>${t}</bdi>
</button>`}ze(t){return d`<button
class="end"
aria-label=${this.e("hang_up_call",{who:t})}
?disabled=${!this.context.isOnline}
@click=${this.Re}
>
${g("mdi:phone-hangup")}<span>${this.e("hang_up")}</span>
</button>`}Le(){let t=this.d?.state==="pending",i=()=>{b(this,"odorik-hang-up",this.call)};return d`<div class="sure" @keydown=${this.J}>
<span>${this.e("confirm_hang_up")}</span>
<button ?disabled=${t} @click=${this._t}>
${this.e("cancel")}
</button>
<button class="end" ?disabled=${t||!this.context.isOnline} @click=${i}>
<span>${t?this.d.text:this.e("hang_up")}</span>
</button>
</div>`}};M.styles=[...C.styles,ni],c([h({attribute:!1})],M.prototype,"call",2),c([h({attribute:!1})],M.prototype,"now",2),c([h({attribute:!1})],M.prototype,"context",2),c([h({attribute:!1})],M.prototype,"hasHistory",2),c([$()],M.prototype,"z",2),M=c([_("odorik-live-call")],M);var si=x`.row{padding:10px 12px;border-radius:12px;background:var(--soft)}ha-icon{color:var(--accent)}`;var nt=class extends k{constructor(){super(...arguments);this.text=""}render(){return d`<div class="row" role="status">
${g("mdi:phone-off")}<span>${this.text}</span>
</div>`}};nt.styles=[F,si],c([h({attribute:!1})],nt.prototype,"text",2),nt=c([_("odorik-notice")],nt);function Ki(o){return o<420?"small narrow":o<560?"small":o>=700?"wide":""}var B=class extends k{constructor(){super(...arguments);this.x={type:`custom:${X}`,hide:[]};this.et="";this.$t=[];this.wt="";this.K=new Ut(this);this.v=new Ft(this,t=>this.Me(t),t=>this.ft(t));this.g=new Nt(this,this);this.Jt=new ResizeObserver(()=>{let{clientWidth:t}=this;this.et=Ki(t),this.style.setProperty("--card-width",`${t}px`)})}connectedCallback(){super.connectedCallback(),this.Jt.observe(this)}disconnectedCallback(){super.disconnectedCallback(),this.Jt.disconnect()}static getStubConfig(){return{}}static getConfigForm(){let{lang:t}=document.documentElement,i=Dt.map(r=>({value:r,label:E(t,r)}));return{schema:[{name:"title",selector:{text:{}}},{name:"config_entry_id",selector:{config_entry:{integration:v}}},{name:"hide",selector:{select:{multiple:!0,mode:"list",options:i}}}],computeLabel:({name:r})=>E(t,r)}}setConfig(t){let i=t.hide??[];if(!Array.isArray(i)||i.some(r=>!Dt.includes(r)))throw new Error(`hide must be a list of ${Dt.join(", ")}`);t.config_entry_id!==this.x.config_entry_id&&(this.r=void 0,this.v.clear()),this.x={type:`custom:${X}`,...t,hide:i},this.i&&this.g.subscribeTo(this.i.connection,this.x.config_entry_id),this.r&&this.v.refreshIfStale(this.r.place)}getCardSize(){return 10}getGridOptions(){return{columns:12,min_columns:6,rows:10,min_rows:5}}set hass(t){let i=this.i;this.i=t,(i?.locale!==t.locale||i.formatEntityState!==t.formatEntityState)&&(this.a=new Kt(t),this.requestUpdate()),Object.values(this.r?.figures??{}).some(n=>i?.states[n]!==t.states[n])&&this.requestUpdate(),this.g.subscribeTo(t.connection,this.x.config_entry_id)}accountUpdated(t,i){i?.config_entry_id!==t.config_entry_id&&this.v.clear(),t.state==="loaded"&&(this.r=t,this.v.refreshIfStale(t.place))}callRecorded(t){this.v.add(t)}reconnected(){this.v.invalidate()}Me(t){let i=this.g.account;if(!this.i||i?.state!=="loaded"||this.rt("history"))return;let r={type:`${v}/history`,config_entry_id:i.config_entry_id,...t};return this.i.connection.sendMessagePromise(r)}ft(t){let i=this.a.localize("history_failed");return this.i?et(this.i,t,i):Promise.resolve(i)}De({detail:t}){this.i&&this.r&&this.K.orderCallback(this.i,this.r,t)}He({detail:t}){this.i&&this.r&&this.K.sendMessage(this.i,this.r,t)}Ue({detail:t}){this.i&&this.r&&this.K.hangUp(this.i,this.r,t)}Ie({detail:t}){if(!this.i||!this.r)return;this.K.completeItem(this.i,this.r,t)||b(this,"hass-notification",{message:this.a.localize("failed")})}je({detail:t}){this.v.setFilter(t)}Oe({detail:t}){this.v.load(t.isNextPage)}async Ne({detail:t}){let i=await Ye(t);b(this,"hass-notification",{message:this.a.localize(i?"copied":"failed",{number:t})})}rt(t){return this.x.hide.includes(t)}willUpdate(){let{calls:t,isActive:i}=this.g;t!==this.$t&&(this.wt=this.Ke(t),this.$t=t),clearTimeout(this.Xt);let r=t.length?1e3:6e4-Date.now()%6e4;i&&(this.Xt=setTimeout(()=>{this.requestUpdate()},r)),this.Fe()}Fe(){let{isOnline:t}=this.g,{outcomes:i,lastCaller:r}=this.K,{r:n,it:s}=this;if(!n||s?.account===n&&s.isOnline===t&&s.outcomes===i)return;let a=(l,m)=>this.i?this.K.previewMessage(this.i,n,l,m):Promise.resolve({error:""});this.it={account:n,isOnline:t,outcomes:i,lastCaller:r,previewMessage:a}}Ke(t){let i=new Set(this.$t.map(n=>n.active_call_id)),r=t.find(n=>!n.answered_at&&!i.has(n.active_call_id));return r?`${this.a.localize(jt(r))}: ${T(r,this.a)}`:t.length?this.wt:""}get qe(){let{account:t,isOnline:i,isReachable:r}=this.g;return i?t&&t.state!=="loaded"?t.state:t&&!r?"unreachable":void 0:"lost"}render(){if(!this.i)return p;let{account:t}=this.g,{qe:i}=this,r=!t||t.state==="loaded";return d`<ha-card
class=${this.et}
aria-busy=${String(!t)}
@odorik-order=${this.De}
@odorik-send=${this.He}
@odorik-hang-up=${this.Ue}
@odorik-complete=${this.Ie}
@odorik-filter=${this.je}
@odorik-load=${this.Oe}
@odorik-copy=${this.Ne}
>
${this.x.title?d`<h2>${this.x.title}</h2>`:p}
<div class="sr" role="alert">${this.wt}</div>
<odorik-notice
?hidden=${!i}
.text=${i?this.a.localize(i,{title:t?.title}):""}
></odorik-notice>
${this.Be()}
<odorik-figures
?hidden=${!r}
.size=${this.et}
.figures=${r?this.We():[]}
></odorik-figures>
${this.r?.may_control&&!this.rt("dial")?this.Ve(r):p}
${this.rt("history")?p:this.Ze(r)}
</ha-card>`}Be(){let{calls:t,clockOffset:i}=this.g,r=Date.now()+i;return d`<ul
class="now"
aria-label=${this.a.localize("now")}
?hidden=${!t.length}
>
${zt(Be(t),n=>n.active_call_id,n=>d`<li class=${n.answered_at?"":"ringing"}>
<odorik-live-call
.formats=${this.a}
.size=${this.et}
.call=${n}
.now=${r}
.context=${this.it}
.hasHistory=${!this.rt("history")}
></odorik-live-call>
</li>`)}
</ul>`}We(){return oe.filter(t=>!this.rt(t)).flatMap(t=>{let i=this.i?.states[this.r?.figures[t]??""];return this.i&&i?[ei(t,i,this.a.localize(t),this.i.formatEntityState(i))]:[]})}Ve(t){return d`<odorik-dial
?hidden=${!t}
.formats=${this.a}
.context=${this.it}
></odorik-dial>`}Ze(t){let i=["grid","panel"].includes(this.layout??"")&&this.x.grid_options?.rows!=="auto",{v:r}=this;return d`<odorik-history
class="history"
?hidden=${!t}
?filled=${i}
.formats=${this.a}
.size=${this.et}
.filter=${r.filter}
.rows=${r.rows}
.waiting=${this.g.waiting}
.hasMore=${r.before!==null}
.isLoading=${r.isLoading||!this.g.account}
.error=${r.error}
.today=${this.a.dayKey(new Date)}
.context=${this.it}
></odorik-history>`}};B.styles=[F,Xe],c([h({attribute:!1})],B.prototype,"layout",2),c([$()],B.prototype,"x",2),c([$()],B.prototype,"et",2),B=c([_(X)],B);function gt(o){return o?.config_entry_id??o?.primary_config_entry??o?.config_entries?.[0]}var Fi=o=>o.name_by_user??o.name??"";function ai(o){let e=new Map;for(let{entity_id:i,platform:r,device_id:n,translation_key:s}of Object.values(o.entities)){let a=o.devices[n??""];r!==v||!a||!s||!o.states[i]||e.set(a,{...e.get(a),[s]:i})}let t=[...e].map(([i,r])=>({device:i,entities:r,name:Fi(i)}));return t.sort((i,r)=>i.name.localeCompare(r.name,o.locale.language)),t.filter(({device:i})=>!i.via_device_id).map(({device:i,entities:r,name:n})=>({id:gt(i)??"",slug:(i.identifiers?.[0]?.[1]??"").toLowerCase().replace(/[^a-z\d]+/g,"_"),title:n,entities:r,lines:t.filter(s=>s.device.via_device_id===i.id)}))}var li=x`:host{display:block}button{display:flex;align-items:center;justify-content:center;gap:8px;width:100%;height:var(--feature-height, 42px);border:0;border-radius:var(--feature-border-radius, 12px);cursor:pointer;font:inherit;font-weight:500;color:#fff}.call{background:#2a6a2d}.end{background:#b3372b}@supports (color: color-mix(in srgb,red,red)){.call{background:color-mix(in srgb,var(--success-color) 62%,black)}.end{background:color-mix(in srgb,var(--error-color) 82%,black)}}button:disabled{cursor:default;opacity:.5}ha-icon{--mdc-icon-size: 20px;flex:none}`;function ci(o,{entity_id:e},t){let i=o.entities[e??""];return i?.platform===v&&i.translation_key===t}var D=class extends k{setConfig(){}e(e,t){return E(this.hass?.locale.language,e,t)}get Qt(){let e=this.hass?.entities[this.context?.entity_id??""];return this.hass?.devices[e?.device_id??""]}Ge(){let e=this.Ct();if(!e)return;let t={action:"perform-action",perform_action:`${v}.${e.action}`,data:{config_entry_id:gt(this.Qt),...e.data},confirmation:{text:e.confirmation}};b(this,"hass-action",{config:{tap_action:t},action:"tap"})}render(){if(!this.stateObj)return p;let e=this.te();return d`<button
class=${e.className}
?disabled=${!this.Ct()}
@click=${this.Ge}
>
${g(e.icon)}${e.text}
</button>`}};D.styles=li,c([h({attribute:!1})],D.prototype,"hass",2),c([h({attribute:!1})],D.prototype,"context",2),c([h({attribute:!1})],D.prototype,"stateObj",2);var Bt=`${v}-call-back`,qt=class extends D{static getStubConfig(){return{type:`custom:${Bt}`}}Ct(){let{number:e,name:t}=this.stateObj?.attributes??{};if(typeof e!="string")return;let i=typeof t=="string"?t:Ot(e);return{action:"callback",data:{recipient:e},confirmation:`${this.e("call_back",{who:i})}?`}}te(){return{className:"call",icon:"mdi:phone",text:this.e("call_back_last")}}};qt=c([_(Bt)],qt);var Vt=`${v}-hang-up`,Wt=class extends D{static getStubConfig(){return{type:`custom:${Vt}`}}Ct(){let[e,t]=this.stateObj?.attributes.calls??[];if(!e)return;let i="hangup";if(!t)return{action:i,data:{active_call_id:e.active_call_id},confirmation:this.e("confirm_hang_up")};let r=this.Qt,n=Number(r?.identifiers?.[0]?.[1]?.split("_").pop()),s=r?.via_device_id?{line:n}:{all:!0};return{action:i,data:s,confirmation:this.e("confirm_hang_up_all")}}te(){return{className:"end",icon:"mdi:phone-hangup",text:this.e("hang_up")}}};Wt=c([_(Vt)],Wt);async function di(){let{href:o,search:e}=new URL(import.meta.url);return await import(new URL(`odorik-strategies.js${e}`,o).href)}var st=class extends HTMLElement{static async generate(e,t){return(await di()).dashboard(t)}static getCreateSuggestions(){return{title:"Odorik",icon:"mdi:phone"}}};st.noEditor=!0,st.registryDependencies=["entities","devices"];var yt=class extends HTMLElement{static async generate(e,t){return(await di()).section(e,t)}static getStubConfig(){return{type:`custom:${v}`}}};yt.registryDependencies=["entities","devices"];var qi="https://github.com/odorik-homeassistant/odorik";function vt(o,e,t,i){let r=n=>E(document.documentElement.lang,n);return{...i,type:o,documentationURL:qi,get name(){return r(e)},get description(){return r(t)}}}function Bi(o,e){let t=o.entities[e];if(t?.platform!==v)return null;let i=ai(o).length>1?{config_entry_id:gt(o.devices[t.device_id??""])}:{};return{config:{type:`custom:${X}`,...i}}}function pi(o){return(e,t)=>ci(e,t,o)}customElements.define(`ll-strategy-dashboard-${v}`,st);customElements.define(`ll-strategy-section-${v}`,yt);(window.customCards??=[]).push(vt(X,"card","description",{preview:!0,getEntitySuggestion:Bi}));(window.customStrategies??=[]).push(vt(v,"dashboard","dashboard_description",{strategyType:"dashboard"}),vt(v,"section","description",{strategyType:"section"}));(window.customCardFeatures??=[]).push(vt(Bt,"call_back_last","description",{isSupported:pi("last_missed_call")}),vt(Vt,"hang_up","description",{isSupported:pi("active_calls")}));

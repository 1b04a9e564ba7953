// Built from card/. Lit: © Google LLC, odorik-calls-card.LICENSE.txt
var hi=Object.defineProperty;var ui=Object.getOwnPropertyDescriptor;var c=(o,e,t,i)=>{for(var r=i>1?void 0:i?ui(e,t):e,n=o.length-1,s;n>=0;n--)(s=o[n])&&(r=(i?s(e,t,r):s(r))||r);return i&&r&&hi(e,t,r),r};var de="home-assistant";document.querySelector(de)&&await customElements.whenDefined(de);var vt=globalThis,bt=vt.ShadowRoot&&(vt.ShadyCSS===void 0||vt.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,Zt=Symbol(),pe=new WeakMap,at=class{constructor(e,t,i){if(this._$cssResult$=!0,i!==Zt)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,t=this.t;if(bt&&e===void 0){let i=t!==void 0&&t.length===1;i&&(e=pe.get(t)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),i&&pe.set(t,e))}return e}toString(){return this.cssText}},he=o=>new at(typeof o=="string"?o:o+"",void 0,Zt),x=(o,...e)=>{let t=o.length===1?o[0]:e.reduce((i,r,n)=>i+(s=>{if(s._$cssResult$===!0)return s.cssText;if(typeof s=="number")return s;throw Error("Value passed to 'css' function must be a 'css' function result: "+s+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(r)+o[n+1],o[0]);return new at(t,o,Zt)},ue=(o,e)=>{if(bt)o.adoptedStyleSheets=e.map(t=>t instanceof CSSStyleSheet?t:t.styleSheet);else for(let t of e){let i=document.createElement("style"),r=vt.litNonce;r!==void 0&&i.setAttribute("nonce",r),i.textContent=t.cssText,o.appendChild(i)}},Gt=bt?o=>o:o=>o instanceof CSSStyleSheet?(e=>{let t="";for(let i of e.cssRules)t+=i.cssText;return he(t)})(o):o;var{is:mi,defineProperty:fi,getOwnPropertyDescriptor:gi,getOwnPropertyNames:yi,getOwnPropertySymbols:vi,getPrototypeOf:bi}=Object,xt=globalThis,me=xt.trustedTypes,xi=me?me.emptyScript:"",_i=xt.reactiveElementPolyfillSupport,lt=(o,e)=>o,ct={toAttribute(o,e){switch(e){case Boolean:o=o?xi:null;break;case Object:case Array:o=o==null?o:JSON.stringify(o)}return o},fromAttribute(o,e){let t=o;switch(e){case Boolean:t=o!==null;break;case Number:t=o===null?null:Number(o);break;case Object:case Array:try{t=JSON.parse(o)}catch{t=null}}return t}},_t=(o,e)=>!mi(o,e),fe={attribute:!0,type:String,converter:ct,reflect:!1,useDefault:!1,hasChanged:_t};Symbol.metadata??=Symbol("metadata"),xt.litPropertyMetadata??=new WeakMap;var U=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=fe){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let i=Symbol(),r=this.getPropertyDescriptor(e,i,t);r!==void 0&&fi(this.prototype,e,r)}}static getPropertyDescriptor(e,t,i){let{get:r,set:n}=gi(this.prototype,e)??{get(){return this[t]},set(s){this[t]=s}};return{get:r,set(s){let a=r?.call(this);n?.call(this,s),this.requestUpdate(e,a,i)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??fe}static _$Ei(){if(this.hasOwnProperty(lt("elementProperties")))return;let e=bi(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(lt("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(lt("properties"))){let t=this.properties,i=[...yi(t),...vi(t)];for(let r of i)this.createProperty(r,t[r])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[i,r]of t)this.elementProperties.set(i,r)}this._$Eh=new Map;for(let[t,i]of this.elementProperties){let r=this._$Eu(t,i);r!==void 0&&this._$Eh.set(r,t)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let i=new Set(e.flat(1/0).reverse());for(let r of i)t.unshift(Gt(r))}else e!==void 0&&t.push(Gt(e));return t}static _$Eu(e,t){let i=t.attribute;return i===!1?void 0:typeof i=="string"?i:typeof e=="string"?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=new Map,t=this.constructor.elementProperties;for(let i of t.keys())this.hasOwnProperty(i)&&(e.set(i,this[i]),delete this[i]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return ue(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,i){this._$AK(e,i)}_$ET(e,t){let i=this.constructor.elementProperties.get(e),r=this.constructor._$Eu(e,i);if(r!==void 0&&i.reflect===!0){let n=(i.converter?.toAttribute!==void 0?i.converter:ct).toAttribute(t,i.type);this._$Em=e,n==null?this.removeAttribute(r):this.setAttribute(r,n),this._$Em=null}}_$AK(e,t){let i=this.constructor,r=i._$Eh.get(e);if(r!==void 0&&this._$Em!==r){let n=i.getPropertyOptions(r),s=typeof n.converter=="function"?{fromAttribute:n.converter}:n.converter?.fromAttribute!==void 0?n.converter:ct;this._$Em=r;let a=s.fromAttribute(t,n.type);this[r]=a??this._$Ej?.get(r)??a,this._$Em=null}}requestUpdate(e,t,i,r=!1,n){if(e!==void 0){let s=this.constructor;if(r===!1&&(n=this[e]),i??=s.getPropertyOptions(e),!((i.hasChanged??_t)(n,t)||i.useDefault&&i.reflect&&n===this._$Ej?.get(e)&&!this.hasAttribute(s._$Eu(e,i))))return;this.C(e,t,i)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(e,t,{useDefault:i,reflect:r,wrapped:n},s){i&&!(this._$Ej??=new Map).has(e)&&(this._$Ej.set(e,s??t??this[e]),n!==!0||s!==void 0)||(this._$AL.has(e)||(this.hasUpdated||i||(t=void 0),this._$AL.set(e,t)),r===!0&&this._$Em!==e&&(this._$Eq??=new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(t){Promise.reject(t)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[r,n]of this._$Ep)this[r]=n;this._$Ep=void 0}let i=this.constructor.elementProperties;if(i.size>0)for(let[r,n]of i){let{wrapped:s}=n,a=this[r];s!==!0||this._$AL.has(r)||a===void 0||this.C(r,void 0,n,a)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(i=>i.hostUpdate?.()),this.update(t)):this._$EM()}catch(i){throw e=!1,this._$EM(),i}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(t=>t.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(t=>this._$ET(t,this[t])),this._$EM()}updated(e){}firstUpdated(e){}};U.elementStyles=[],U.shadowRootOptions={mode:"open"},U[lt("elementProperties")]=new Map,U[lt("finalized")]=new Map,_i?.({ReactiveElement:U}),(xt.reactiveElementVersions??=[]).push("2.1.2");var Xt=globalThis,ge=o=>o,$t=Xt.trustedTypes,ye=$t?$t.createPolicy("lit-html",{createHTML:o=>o}):void 0,Jt="$lit$",j=`lit$${Math.random().toFixed(9).slice(2)}$`,Qt="?"+j,$i=`<${Qt}>`,Z=document,pt=()=>Z.createComment(""),ht=o=>o===null||typeof o!="object"&&typeof o!="function",te=Array.isArray,we=o=>te(o)||typeof o?.[Symbol.iterator]=="function",Yt=`[ 	
\f\r]`,dt=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,ve=/-->/g,be=/>/g,W=RegExp(`>|${Yt}(?:([^\\s"'>=/]+)(${Yt}*=${Yt}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),xe=/'/g,_e=/"/g,Ce=/^(?:script|style|textarea|title)$/i,ee=o=>(e,...t)=>({_$litType$:o,strings:e,values:t}),d=ee(1),Yi=ee(2),Xi=ee(3),I=Symbol.for("lit-noChange"),p=Symbol.for("lit-nothing"),$e=new WeakMap,V=Z.createTreeWalker(Z,129);function Ae(o,e){if(!te(o)||!o.hasOwnProperty("raw"))throw Error("invalid template strings array");return ye!==void 0?ye.createHTML(e):e}var Ee=(o,e)=>{let t=o.length-1,i=[],r,n=e===2?"<svg>":e===3?"<math>":"",s=dt;for(let a=0;a<t;a++){let l=o[a],m,w,u=-1,y=0;for(;y<l.length&&(s.lastIndex=y,w=s.exec(l),w!==null);)y=s.lastIndex,s===dt?w[1]==="!--"?s=ve:w[1]!==void 0?s=be:w[2]!==void 0?(Ce.test(w[2])&&(r=RegExp("</"+w[2],"g")),s=W):w[3]!==void 0&&(s=W):s===W?w[0]===">"?(s=r??dt,u=-1):w[1]===void 0?u=-2:(u=s.lastIndex-w[2].length,m=w[1],s=w[3]===void 0?W:w[3]==='"'?_e:xe):s===_e||s===xe?s=W:s===ve||s===be?s=dt:(s=W,r=void 0);let f=s===W&&o[a+1].startsWith("/>")?" ":"";n+=s===dt?l+$i:u>=0?(i.push(m),l.slice(0,u)+Jt+l.slice(u)+j+f):l+j+(u===-2?a:f)}return[Ae(o,n+(o[t]||"<?>")+(e===2?"</svg>":e===3?"</math>":"")),i]},ut=class o{constructor({strings:e,_$litType$:t},i){let r;this.parts=[];let n=0,s=0,a=e.length-1,l=this.parts,[m,w]=Ee(e,t);if(this.el=o.createElement(m,i),V.currentNode=this.el.content,t===2||t===3){let u=this.el.content.firstChild;u.replaceWith(...u.childNodes)}for(;(r=V.nextNode())!==null&&l.length<a;){if(r.nodeType===1){if(r.hasAttributes())for(let u of r.getAttributeNames())if(u.endsWith(Jt)){let y=w[s++],f=r.getAttribute(u).split(j),A=/([.?@])?(.*)/.exec(y);l.push({type:1,index:n,name:A[2],strings:f,ctor:A[1]==="."?Ct:A[1]==="?"?At:A[1]==="@"?Et:Y}),r.removeAttribute(u)}else u.startsWith(j)&&(l.push({type:6,index:n}),r.removeAttribute(u));if(Ce.test(r.tagName)){let u=r.textContent.split(j),y=u.length-1;if(y>0){r.textContent=$t?$t.emptyScript:"";for(let f=0;f<y;f++)r.append(u[f],pt()),V.nextNode(),l.push({type:2,index:++n});r.append(u[y],pt())}}}else if(r.nodeType===8)if(r.data===Qt)l.push({type:2,index:n});else{let u=-1;for(;(u=r.data.indexOf(j,u+1))!==-1;)l.push({type:7,index:n}),u+=j.length-1}n++}}static createElement(e,t){let i=Z.createElement("template");return i.innerHTML=e,i}};function G(o,e,t=o,i){if(e===I)return e;let r=i!==void 0?t._$Co?.[i]:t._$Cl,n=ht(e)?void 0:e._$litDirective$;return r?.constructor!==n&&(r?._$AO?.(!1),n===void 0?r=void 0:(r=new n(o),r._$AT(o,t,i)),i!==void 0?(t._$Co??=[])[i]=r:t._$Cl=r),r!==void 0&&(e=G(o,r._$AS(o,e.values),r,i)),e}var wt=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:i}=this._$AD,r=(e?.creationScope??Z).importNode(t,!0);V.currentNode=r;let n=V.nextNode(),s=0,a=0,l=i[0];for(;l!==void 0;){if(s===l.index){let m;l.type===2?m=new Q(n,n.nextSibling,this,e):l.type===1?m=new l.ctor(n,l.name,l.strings,this,e):l.type===6&&(m=new kt(n,this,e)),this._$AV.push(m),l=i[++a]}s!==l?.index&&(n=V.nextNode(),s++)}return V.currentNode=Z,r}p(e){let t=0;for(let i of this._$AV)i!==void 0&&(i.strings!==void 0?(i._$AI(e,i,t),t+=i.strings.length-2):i._$AI(e[t])),t++}},Q=class o{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,i,r){this.type=2,this._$AH=p,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=i,this.options=r,this._$Cv=r?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=G(this,e,t),ht(e)?e===p||e==null||e===""?(this._$AH!==p&&this._$AR(),this._$AH=p):e!==this._$AH&&e!==I&&this._(e):e._$litType$!==void 0?this.$(e):e.nodeType!==void 0?this.T(e):we(e)?this.k(e):this._(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==p&&ht(this._$AH)?this._$AA.nextSibling.data=e:this.T(Z.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:i}=e,r=typeof i=="number"?this._$AC(e):(i.el===void 0&&(i.el=ut.createElement(Ae(i.h,i.h[0]),this.options)),i);if(this._$AH?._$AD===r)this._$AH.p(t);else{let n=new wt(r,this),s=n.u(this.options);n.p(t),this.T(s),this._$AH=n}}_$AC(e){let t=$e.get(e.strings);return t===void 0&&$e.set(e.strings,t=new ut(e)),t}k(e){te(this._$AH)||(this._$AH=[],this._$AR());let t=this._$AH,i,r=0;for(let n of e)r===t.length?t.push(i=new o(this.O(pt()),this.O(pt()),this,this.options)):i=t[r],i._$AI(n),r++;r<t.length&&(this._$AR(i&&i._$AB.nextSibling,r),t.length=r)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let i=ge(e).nextSibling;ge(e).remove(),e=i}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},Y=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,i,r,n){this.type=1,this._$AH=p,this._$AN=void 0,this.element=e,this.name=t,this._$AM=r,this.options=n,i.length>2||i[0]!==""||i[1]!==""?(this._$AH=Array(i.length-1).fill(new String),this.strings=i):this._$AH=p}_$AI(e,t=this,i,r){let n=this.strings,s=!1;if(n===void 0)e=G(this,e,t,0),s=!ht(e)||e!==this._$AH&&e!==I,s&&(this._$AH=e);else{let a=e,l,m;for(e=n[0],l=0;l<n.length-1;l++)m=G(this,a[i+l],t,l),m===I&&(m=this._$AH[l]),s||=!ht(m)||m!==this._$AH[l],m===p?e=p:e!==p&&(e+=(m??"")+n[l+1]),this._$AH[l]=m}s&&!r&&this.j(e)}j(e){e===p?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??"")}},Ct=class extends Y{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===p?void 0:e}},At=class extends Y{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==p)}},Et=class extends Y{constructor(e,t,i,r,n){super(e,t,i,r,n),this.type=5}_$AI(e,t=this){if((e=G(this,e,t,0)??p)===I)return;let i=this._$AH,r=e===p&&i!==p||e.capture!==i.capture||e.once!==i.once||e.passive!==i.passive,n=e!==p&&(i===p||r);r&&this.element.removeEventListener(this.name,this,i),n&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},kt=class{constructor(e,t,i){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=i}get _$AU(){return this._$AM._$AU}_$AI(e){G(this,e)}},ke={M:Jt,P:j,A:Qt,C:1,L:Ee,R:wt,D:we,V:G,I:Q,H:Y,N:At,U:Et,B:Ct,F:kt},wi=Xt.litHtmlPolyfillSupport;wi?.(ut,Q),(Xt.litHtmlVersions??=[]).push("3.3.3");var Se=(o,e,t)=>{let i=t?.renderBefore??e,r=i._$litPart$;if(r===void 0){let n=t?.renderBefore??null;i._$litPart$=r=new Q(e.insertBefore(pt(),n),n,void 0,t??{})}return r._$AI(o),r};var ie=globalThis,k=class extends U{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=Se(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return I}};k._$litElement$=!0,k.finalized=!0,ie.litElementHydrateSupport?.({LitElement:k});var Ci=ie.litElementPolyfillSupport;Ci?.({LitElement:k});(ie.litElementVersions??=[]).push("4.2.2");var _=o=>(e,t)=>{t!==void 0?t.addInitializer(()=>{customElements.define(o,e)}):customElements.define(o,e)};var Ai={attribute:!0,type:String,converter:ct,reflect:!1,hasChanged:_t},Ei=(o=Ai,e,t)=>{let{kind:i,metadata:r}=t,n=globalThis.litPropertyMetadata.get(r);if(n===void 0&&globalThis.litPropertyMetadata.set(r,n=new Map),i==="setter"&&((o=Object.create(o)).wrapped=!0),n.set(t.name,o),i==="accessor"){let{name:s}=t;return{set(a){let l=e.get.call(this);e.set.call(this,a),this.requestUpdate(s,l,o,!0,a)},init(a){return a!==void 0&&this.C(s,void 0,o,a),a}}}if(i==="setter"){let{name:s}=t;return function(a){let l=this[s];e.call(this,a),this.requestUpdate(s,l,o,!0,a)}}throw Error("Unsupported decorator location: "+i)};function h(o){return(e,t)=>typeof t=="object"?Ei(o,e,t):((i,r,n)=>{let s=r.hasOwnProperty(n);return r.constructor.createProperty(n,i),s?Object.getOwnPropertyDescriptor(r,n):void 0})(o,e,t)}function $(o){return h({...o,state:!0,attribute:!1})}var Re={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},Te=o=>(...e)=>({_$litDirective$:o,values:e}),Rt=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,i){this._$Ct=e,this._$AM=t,this._$Ci=i}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}};var{I:ki}=ke,Pe=o=>o;var ze=()=>document.createComment(""),tt=(o,e,t)=>{let i=o._$AA.parentNode,r=e===void 0?o._$AB:e._$AA;if(t===void 0){let n=i.insertBefore(ze(),r),s=i.insertBefore(ze(),r);t=new ki(n,s,o,o.options)}else{let n=t._$AB.nextSibling,s=t._$AM,a=s!==o;if(a){let l;t._$AQ?.(o),t._$AM=o,t._$AP!==void 0&&(l=o._$AU)!==s._$AU&&t._$AP(l)}if(n!==r||a){let l=t._$AA;for(;l!==n;){let m=Pe(l).nextSibling;Pe(i).insertBefore(l,r),l=m}}}return t},N=(o,e,t=o)=>(o._$AI(e,t),o),Si={},Le=(o,e=Si)=>o._$AH=e,Me=o=>o._$AH,Tt=o=>{o._$AR(),o._$AA.remove()};var De=(o,e,t)=>{let i=new Map;for(let r=e;r<=t;r++)i.set(o[r],r);return i},Pt=Te(class extends Rt{constructor(o){if(super(o),o.type!==Re.CHILD)throw Error("repeat() can only be used in text expressions")}dt(o,e,t){let i;t===void 0?t=e:e!==void 0&&(i=e);let r=[],n=[],s=0;for(let a of o)r[s]=i?i(a,s):s,n[s]=t(a,s),s++;return{values:n,keys:r}}render(o,e,t){return this.dt(o,e,t).values}update(o,[e,t,i]){let r=Me(o),{values:n,keys:s}=this.dt(e,t,i);if(!Array.isArray(r))return this.ut=s,n;let a=this.ut??=[],l=[],m,w,u=0,y=r.length-1,f=0,A=n.length-1;for(;u<=y&&f<=A;)if(r[u]===null)u++;else if(r[y]===null)y--;else if(a[u]===s[f])l[f]=N(r[u],n[f]),u++,f++;else if(a[y]===s[A])l[A]=N(r[y],n[A]),y--,A--;else if(a[u]===s[A])l[A]=N(r[u],n[A]),tt(o,l[A+1],r[u]),u++,A--;else if(a[y]===s[f])l[f]=N(r[y],n[f]),tt(o,r[u],r[y]),y--,f++;else if(m===void 0&&(m=De(s,f,A),w=De(a,u,y)),m.has(a[u]))if(m.has(a[y])){let H=w.get(s[f]),Vt=H!==void 0?r[H]:null;if(Vt===null){let ce=tt(o,r[u]);N(ce,n[f]),l[f]=ce}else l[f]=N(Vt,n[f]),tt(o,r[u],Vt),r[H]=null;f++}else Tt(r[y]),y--;else Tt(r[u]),u++;for(;f<=A;){let H=tt(o,l[A+1]);N(H,n[f]),l[f++]=H}for(;u<=y;){let H=r[u++];H!==null&&Tt(H)}return this.ut=s,Le(o,l),I}});function He(o){let e=o??{};return e.error??e}var Ue=({message:o,code:e})=>typeof o=="string"&&e!==3;function je(o){let e=He(o);return!Ue(e)||`${e.code} ${e.translation_key}`.includes("unknown")}async function et(o,e,t){let i=He(e),{translation_domain:r,translation_key:n}=i;if(r&&n){let a=(await o.loadBackendTranslation("exceptions",r))(`component.${r}.exceptions.${n}.message`,i.translation_placeholders);if(a)return a}return Ue(i)?i.message??t:t}var v="odorik",X="odorik-calls-card",zt=o=>({show:"all",search:"",contact:o}),mt=o=>`end ${o.active_call_id}`,Lt=({uid:o})=>`sms ${o}`,re=["balance","missed_calls_today","cost_this_month"],Mt=[...re,"dial","history"];var it={text:""};function Dt(o){return o.normalize("NFD").replace(new RegExp("\\p{Diacritic}","gu"),"").toLowerCase().trim()}function S(o){return o.name??o.formatted}function Ie(o,{text:e,picked:t}){if(t)return[];let i=Dt(e),r=i.replace(/[\s+]/g,"").replace(/^00/,""),n=/^[\d*]+$/.test(r);return o.filter(({name:s,number:a})=>Dt(s??"").includes(i)||n&&a.includes(r)).slice(0,6)}function oe(o,{text:e,picked:t}){if(t)return t;let i=e.trim();if(!i)return;let r=o.filter(({name:n})=>Dt(n??"")===Dt(i));return(r.length===1?r[0]:void 0)??{number:i,name:null,formatted:i}}function Oe(o){return(e,t,i={})=>(o[(e??"").split("-")[0]??""]??o.en)[t].replace(/\{(\w+)\}/g,(n,s)=>String(i[s]??""))}var Ne={all:"Vše",all_calls:"Zobrazit všechny hovory",balance:"Kredit",call:"Zavolat",call_back:"Zavolat zpět: {who}",call_back_last:"Zavolat zpět",call_gate:"Prozvonění brány",call_in:"Příchozí hovor",call_missed:"Zmeškaný hovor",call_out:"Odchozí hovor",call_redirected:"Přesměrovaný hovor",call_unknown:"Hovor",caller_id:"Zobrazené číslo",calling:"Vytáčí se",calls_with:"Hovory: {who}",cancel:"Zrušit",card:"Hovory Odoriku",config_entry_id:"Účet",confirm_hang_up:"Ukončit tento hovor?",confirm_hang_up_all:"Ukončit všechny tyto hovory?",copied:"Zkopírováno: {number}",copy_number:"Kopírovat číslo",cost_this_month:"Tento měsíc",counter:"{length} z {max} znaků, {parts}",dashboard:"Odorik",dashboard_description:"Hovory, útrata a linky vašeho účtu.",default_line:"Výchozí linka",description:"Kdo volá, kdo volal, zpětné volání jedním klepnutím.",dial:"Číslo nebo kontakt",dial_help:"Zavolat nejdřív mně a pak mě spojit",done:"Vyřízeno: {who}",duration:"Délka",empty:"Zatím žádné hovory",failed:"To se nepovedlo.",filter:"Zobrazit hovory",forbidden:"Nemáte oprávnění zobrazit hovory tohoto účtu.",gate_opened:"otevřeno",gate_refused:"odmítnuto",hang_up:"Zavěsit",hang_up_call:"Zavěsit: {who}",hanging_up:"Zavěšuje se…",hide:"Skrýt",history:"Historie hovorů",history_failed:"Historii hovorů se nepodařilo načíst.",incoming:"Příchozí",line:"Linka",loading:"Načítá se…",lost:"Není spojení s Home Assistantem. Údaje mohou být zastaralé.",message:"Text zprávy",missed:"Zmeškané",missed_calls_today:"Dnes zmeškané",missing:"Není tu žádný účet Odorik.",more:"Zobrazit další",no_matches:"Žádné odpovídající hovory",not_answered:"Nepřijato",not_loaded:"Účet {title} právě neběží.",now:"Probíhající hovory",number:"Číslo",older:"Hledat ve starších hovorech",order_unclear:"Spojení se při objednávání přerušilo. Než hovor objednáte znovu, podívejte se, zda už telefon nezvoní.",ordered:"Objednáno. Nejdřív zazvoní {caller}; po zvednutí vás spojíme: {who}.",ordering:"Objednává se hovor…",outgoing:"Odchozí",own_number:"Volané číslo",parts:"{count} částí",parts_few:"{count} části",parts_one:"{count} část",price:"Cena",rang:"Zvonilo",redirected_to:"Přesměrováno na",retry:"Zkusit znovu",ring_first:"Nejdřív zazvoní",ring_first_ask:"Který telefon má zazvonit jako první?",rings_first:"Nejdřív zazvoní: {who}",search:"Hledat jméno nebo číslo",section:"Hovory",send:"Odeslat {parts}",send_message:"Odeslat zprávu",send_unclear:"Spojení se při odesílání přerušilo. Než zprávu pošlete znovu, ověřte u Odoriku, zda už neodešla.",sending:"Odesílá se…",sent:"Zpráva odeslána: {who}.",sent_as:"Odešle se jako:",title:"Nadpis",unreachable:"Odorik neodpovídá. Údaje mohou být zastaralé.",waiting:"Čekají na zavolání",withheld:"Skryté číslo",write:"Napsat: {who}"};var Ke={all:"All",all_calls:"Show all calls",balance:"Credit",call:"Call",call_back:"Call back: {who}",call_back_last:"Call back",call_gate:"Ring at a gate",call_in:"Incoming call",call_missed:"Missed call",call_out:"Outgoing call",call_redirected:"Redirected call",call_unknown:"Call",caller_id:"Caller ID",calling:"Calling",calls_with:"Calls with {who}",cancel:"Cancel",card:"Odorik calls",config_entry_id:"Account",confirm_hang_up:"End this call?",confirm_hang_up_all:"End all these calls?",copied:"Copied {number}",copy_number:"Copy number",cost_this_month:"This month",counter:"{length} of {max} characters, {parts}",dashboard:"Odorik",dashboard_description:"Your account's calls, costs and lines.",default_line:"Default line",description:"See who is calling and who called, and call back with one tap.",dial:"Number or contact",dial_help:"Call my phone and connect me",done:"Done: {who}",duration:"Duration",empty:"No calls yet",failed:"That did not work.",filter:"Show calls",forbidden:"You don't have permission to see this account's calls.",gate_opened:"opened",gate_refused:"refused",hang_up:"Hang up",hang_up_call:"Hang up: {who}",hanging_up:"Hanging up…",hide:"Hide",history:"Call history",history_failed:"The call history could not be loaded.",incoming:"Incoming",line:"Line",loading:"Loading…",lost:"No connection to Home Assistant. The data shown may be out of date.",message:"Text message",missed:"Missed",missed_calls_today:"Missed today",missing:"There is no Odorik account to show.",more:"Show more",no_matches:"No matching calls",not_answered:"Not answered",not_loaded:"The account {title} is not loaded at the moment.",now:"Calls now",number:"Number",older:"Search older calls",order_unclear:"The connection was lost while ordering the call. Check whether a phone is ringing before you order again.",ordered:"Ordered. {caller} rings first; pick up to be connected with {who}.",ordering:"Ordering the call…",outgoing:"Outgoing",own_number:"Called number",parts:"{count} parts",parts_few:"{count} parts",parts_one:"{count} part",price:"Price",rang:"Rang for",redirected_to:"Redirected to",retry:"Try again",ring_first:"Ring first",ring_first_ask:"Which phone should ring first?",rings_first:"Rings first: {who}",search:"Search name or number",section:"Calls",send:"Send {parts}",send_message:"Send message",send_unclear:"The connection was lost while sending the message. Check your messages at Odorik before you send it again.",sending:"Sending…",sent:"Message sent to {who}.",sent_as:"Will be sent as:",title:"Title",unreachable:"Odorik is not responding. The data shown may be out of date.",waiting:"To call back",withheld:"Withheld number",write:"Write: {who}"};var E=Oe({en:Ke,cs:Ne});var Pi=3e3,Ht=class{constructor(e){this.c=e;this.outcomes=new Map}orderCallback(e,t,{origin:i,recipient:r,who:n,caller:s,line:a}){return this.At(e,i,"ordering","order_unclear",async()=>{await ne(e,t,"callback",{recipient:r,caller:s?.number,line:a}),this.lastCaller=s??this.lastCaller;let l=s??t.caller;return E(e.locale.language,"ordered",{caller:l&&S(l),who:n})})}sendMessage(e,t,{origin:i,recipient:r,message:n}){return this.At(e,i,"sending","send_unclear",async()=>(await ne(e,t,"send_sms",{recipient:r.number,message:n}),E(e.locale.language,"sent",{who:S(r)})))}async previewMessage(e,{config_entry_id:t},i,r){let{language:n}=e.locale;try{return await e.connection.sendMessagePromise({type:`${v}/preview_sms`,config_entry_id:t,number:i,message:r,language:n})}catch(s){return{error:await et(e,s,E(n,"failed"))}}}async At(e,t,i,r,n){if(this.outcomes.get(t)?.isLocked)return;let{language:s}=e.locale;this.z(t,{state:"pending",text:E(s,i),isLocked:!0});let a;try{a={state:"done",text:await n()}}catch(l){a={state:"failed",text:await et(e,l,E(s,r)),isUnclear:je(l)}}this.z(t,{...a,isLocked:!0}),setTimeout(()=>{this.z(t,a)},Pi)}async hangUp(e,t,i){let{language:r}=e.locale,n=mt(i);this.z(n,{state:"pending",text:E(r,"hanging_up")});try{await ne(e,t,"hangup",{active_call_id:i.active_call_id})}catch(s){this.z(n,{state:"failed",text:await et(e,s,E(r,"failed"))})}}completeItem(e,{inbox:t},i){let r=e.states[t??""]?.state;return!t||!r||r==="unavailable"?!1:(e.callService("todo","update_item",{item:i,status:"completed"},{entity_id:t},!0,!1).catch(()=>{}),!0)}z(e,t){this.outcomes=new Map(this.outcomes).set(e,t),this.c.requestUpdate()}};function ne(o,{config_entry_id:e},t,i){return o.callService(v,t,{config_entry_id:e,...i},void 0,!1,!0)}var se={in:"mdi:phone-incoming",out:"mdi:phone-outgoing",redirected:"mdi:phone-forward",missed:"mdi:phone-missed",unknown:"mdi:phone",gate:"mdi:gate"};function K(o){return o.gate?"gate":o.direction!=="out"&&o.status==="missed"?"missed":o.redirected_to?"redirected":o.direction}function Fe(o){return o.answered_at?"mdi:phone-in-talk":o.direction==="out"?se.out:"mdi:phone-ring"}function T(o,e){return o.name??o.formatted??e.localize("withheld")}function qe({gate:o,gate_outcome:e,line_name:t,line:i},r){return o?e?`${o}: ${r.localize(`gate_${e}`)}`:o:t??String(i??"")}function Ut({number:o,name:e,formatted:t}){return o?{number:o,name:e,formatted:t??o}:void 0}function jt({answered_at:o,direction:e}){return!o&&e==="out"?"calling":`call_${e}`}function ae(o,e){let t=Date.parse(o.answered_at??o.started_at??"");return Math.max(0,(e-t)/1e3)||0}function Be(o){return[...o].sort((e,t)=>+!!e.answered_at-+!!t.answered_at)}var zi={all:()=>!0,missed:o=>K(o)==="missed",incoming:o=>o.direction!=="out",outgoing:o=>o.direction==="out"};function We(o,e,t){let i=o.filter(s=>s.call_id!==e.call_id||s.call_id===null);if(!zi[t](e))return i;let r=Date.parse(e.started_at),n=i.filter(s=>Date.parse(s.started_at)>r);return[...n,e,...i.slice(n.length)]}function Ve(o,e){let t={direction:"in",status:"missed",call_id:null,duration:0,ringing_duration:null,price:null,own_formatted:null},i=o.map(r=>({key:r.uid,call:{...t,...r},waiting:r}));return i.length?[{key:"waiting",day:e.localize("waiting")},...i]:[]}function Ze(o,e){return K(o)==="missed"&&e.some(({number:t,first_at:i})=>t===o.number&&i<=o.started_at)}function Ge(o,e,t){let i=new Set,r=s=>{for(;i.has(s);)s+="'";return i.add(s),s},n;return o.flatMap(s=>{let a=new Date(s.started_at),l=e.dayKey(a),m={key:r(rt(s)),call:s};return l===n?[m]:(n=l,[{key:r(l),day:e.day(a,t)},m])})}function rt(o){return`call ${o.call_id??`${o.started_at} ${o.number}`}`}function It(o){return o.replace(/^00/,"+")}async function Ye(o){try{return await navigator.clipboard.writeText(o),!0}catch{return Li(o)}}function Li(o){let e=document.createElement("textarea");e.value=o,e.style.position="fixed",e.style.opacity="0",document.body.append(e),e.select();let t=document.execCommand("copy");return e.remove(),t}function b(o,e,t){o.dispatchEvent(new CustomEvent(e,{bubbles:!0,composed:!0,detail:t}))}var Mi=30,Ot=class{constructor(e,t){this.c=e;this.pt=t;this.calls=[];this.waiting=[];this.isReachable=!0;this.isOnline=!0;this.isActive=!1;this.clockOffset=0;this.lt=!1;this.ct=0;this.kt=new IntersectionObserver(e=>{this.lt=e[e.length-1]?.isIntersecting??!1,this.q()});this.q=()=>{let e=this.c.isConnected&&this.lt&&!document.hidden&&!!this.m;e!==this.isActive&&(this.isActive=e,e?this.ot():this.zt(),this.c.requestUpdate())};this.Tt=()=>{this.isOnline=!0,this.pt.reconnected(),this.isActive&&this.ot(),this.c.requestUpdate()};this.Pt=()=>{this.isOnline=!1,this.K=void 0,this.c.requestUpdate()};e.addController(this)}hostConnected(){this.kt.observe(this.c),document.addEventListener("visibilitychange",this.q),this.m&&this.St(this.m)}hostDisconnected(){this.kt.disconnect(),document.removeEventListener("visibilitychange",this.q),this.lt=!1,this.q(),this.m&&this.Rt(this.m)}subscribeTo(e,t){e!==this.m&&(this.m&&this.Rt(this.m),this.m=e,this.c.isConnected&&this.St(e)),t!==this.rt&&(this.rt=t,this.account=void 0,this.calls=this.waiting=[],this.isActive&&this.ot()),this.q()}St(e){e.addEventListener("ready",this.Tt),e.addEventListener("disconnected",this.Pt),this.isOnline=e.connected!==!1}Rt(e){e.removeEventListener("ready",this.Tt),e.removeEventListener("disconnected",this.Pt)}zt(){clearTimeout(this.Et),this.K?.(),this.K=void 0}async ot(){this.zt();let e={type:`${v}/subscribe`,...this.rt&&{config_entry_id:this.rt}},t=!0,i,r=this.K=()=>{t=!1,i?.().catch(()=>{})},n=s=>{t&&this.Qt(s)};try{i=await this.m?.subscribeMessage(n,e,{resubscribe:!1}),this.ct=0,t||i?.().catch(()=>{})}catch{if(!t||this.K!==r)return;let s=Math.min(2**this.ct,Mi);this.ct+=1,this.Et=setTimeout(()=>{this.isActive&&this.isOnline&&this.ot()},s*1e3)}}Qt({account:e,calls:t,is_reachable:i,now:r,recorded:n,waiting:s}){if(e){let a=this.account;this.account=e,e.state!=="loaded"&&(this.calls=[]),this.pt.accountUpdated(e,a)}t&&(this.calls=t,this.isReachable=i??!0,this.clockOffset=Date.parse(r??"")-Date.now()||0),s&&(this.waiting=s),n&&this.pt.callRecorded(n),this.c.requestUpdate()}};function ot(o){let[e,t,i]=[o/3600,o/60%60,o%60].map(r=>String(Math.floor(r)));return[...e==="0"?[t]:[e,t?.padStart(2,"0")],i?.padStart(2,"0")].join(":")}var Di={12:"h12",24:"h23"},Nt=class{constructor(e){this.i=e;let{language:t,time_format:i,time_zone:r}=e.locale;this.nt=r==="server"?{timeZone:e.config.time_zone}:{},this.Lt=new Intl.DateTimeFormat(i==="system"?void 0:t,{hour:i==="24"?"2-digit":"numeric",minute:"2-digit",hourCycle:Di[i],...this.nt}),this.Mt=new Intl.DateTimeFormat("sv",this.nt)}localize(e,t){return E(this.i.locale.language,e,t)}time(e){return this.Lt.format(e)}money(e){return this.Dt(String(e),{device_class:"monetary",unit_of_measurement:"CZK"})}dateTime(e){return this.Dt(e,{device_class:"timestamp"})}dayKey(e){return this.Mt.format(e)}day(e,t){let[i,r]=[this.dayKey(e),this.dayKey(t)],n=(Date.parse(i)-Date.parse(r))/864e5,{language:s}=this.i.locale,a=n===0||n===-1?new Intl.RelativeTimeFormat(s,{numeric:"auto"}).format(n,"day"):e.toLocaleDateString(s,{weekday:"long",day:"numeric",month:"long",year:i<r.slice(0,4)?"numeric":void 0,...this.nt});return a.charAt(0).toLocaleUpperCase()+a.slice(1)}Dt(e,t){return this.i.formatEntityState({entity_id:"sensor._odorik",state:e,attributes:t})}};var le=50,Kt=class{constructor(e,t,i){this.c=e;this.ee=t;this.ft=i;this.filter={show:"all",search:""};this.rows=[];this.before=null;this.isLoading=!1;this.ht=le;this.mt=0}setFilter(e){this.filter=e,this.load()}invalidate(){this.W=void 0}clear(){this.invalidate(),this.rows=[],this.before=null}refreshIfStale(e){e!==void 0&&e===this.W||(this.W=e,this.load())}add(e){this.W=e.call_id??this.W,this.filter.search||this.filter.contact?this.load():this.rows=this.te(We(this.rows,e,this.filter.show))}te(e){let t=e[this.ht-1];if(!t||this.isLoading)return e;let i=Date.parse(t.started_at),r=e.filter(({started_at:n},s)=>s<this.ht||Date.parse(n)===i);return r.length<e.length&&(this.before=t.started_at),r}async load(e=!1){let{show:t,search:i,contact:r}=this.filter,n=r?.number??i,s=this.ee({show:t,limit:le,...n&&{search:n},...e&&this.before&&{before:this.before}});if(!s)return;let a=this.mt+=1;this.isLoading=!0,this.error=void 0,this.c.requestUpdate();try{let l=await s;if(a!==this.mt)return;this.rows=e?[...this.rows,...l.calls]:l.calls,this.before=l.before,this.ht=Math.max(le,this.rows.length)}catch(l){let m=await this.ft(l);if(a!==this.mt)return;this.error={text:m,isNextPage:e}}this.isLoading=!1,this.c.requestUpdate()}};var Xe=x`:host{--ink: var(--primary-text-color);--faint: var(--secondary-text-color);--label: var(--secondary-text-color);--call: #2a6a2d;--end: #b3372b;--bell: #01579b;--accent: var(--primary-text-color);--alarm: var(--ha-color-on-danger-normal);--soft: rgba(127, 127, 127, .1);--tint: rgba(var(--rgb-primary-color), .14);--pressed: rgba(var(--rgb-primary-color), .18);--call-tint: rgba(67, 160, 71, .12);--alarm-tint: rgba(219, 68, 55, .14);height:100%;min-width:0}@supports (color: color-mix(in srgb,red,red)){:host{--label: color-mix(in srgb, var(--faint) 70%, var(--ink));--call: color-mix(in srgb, var(--success-color) 62%, black);--end: color-mix(in srgb, var(--error-color) 82%, black);--bell: color-mix(in srgb, var(--primary-color) 65%, black);--accent: color-mix(in srgb, var(--primary-color) 60%, var(--ink));--alarm: color-mix(in srgb, var(--error-color) 72%, var(--ink));--soft: color-mix(in srgb, var(--ink) 6%, transparent);--tint: color-mix(in srgb, var(--primary-color) 14%, transparent);--pressed: color-mix(in srgb, var(--primary-color) 18%, var(--card-background-color));--call-tint: color-mix(in srgb, var(--success-color) 12%, transparent);--alarm-tint: color-mix(in srgb, var(--error-color) 14%, transparent)}}ha-card{display:flex;flex-direction:column;gap:12px;box-sizing:border-box;height:100%;padding:16px;overflow:auto;color:var(--ink);font-size:var(--ha-font-size-m, 14px);line-height:1.4}h2{margin:0;font-size:20px;font-weight:400;line-height:1.2}.now li{padding:12px;border-radius:12px;background:var(--call-tint)}.now li+li{margin-top:8px}.now .ringing{background:var(--tint)}.narrow{padding:12px}.wide .ringing{padding:24px;border-radius:20px}`;var Je=x`.choices{margin-top:8px;display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:8px}.choices span{padding:0 4px;font-size:12px;color:var(--faint)}.ask{padding:4px 0}`;var g=o=>d`<ha-icon icon=${o} aria-hidden="true"></ha-icon>`;var Qe=x`:host{flex:1;min-width:0}.options{position:absolute;z-index:3;inset-inline:0;top:44px;padding:4px;border-radius:12px;border:1px solid var(--divider-color);background:var(--card-background-color);box-shadow:0 4px 16px #0004}li{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 12px;padding:9px 10px;border-radius:8px;cursor:pointer}li:is([aria-selected=true],:hover){background:var(--soft)}`;var F=x`:host{display:block}[hidden]{display:none!important}ha-icon{--mdc-icon-size: 22px;flex:none}button,input,select,textarea{box-sizing:border-box;min-width:0;min-height:40px;padding:0 14px;border:0;border-radius:20px;font:inherit;color:inherit;background-color:var(--soft)}button{display:inline-flex;align-items:center;justify-content:center;gap:6px;cursor:pointer;font-weight:500;white-space:nowrap}button:hover{background-image:linear-gradient(var(--soft) 0 0)}button:disabled{cursor:default;opacity:.5}.call,.end{color:#fff;background-color:var(--call)}.end{background-color:var(--end)}.round{flex:none;width:40px;padding:0;color:var(--accent)}:focus-visible{outline:2px solid var(--accent);outline-offset:2px}input,select,textarea{width:100%;border-radius:12px}option{color:var(--ink);background:var(--card-background-color)}input::placeholder{color:var(--faint);opacity:1}ul{margin:0;padding:0;list-style:none}.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.cut{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.muted{color:var(--faint)}.row{display:flex;align-items:center;gap:12px}.who,.field{flex:1;min-width:0}.field{position:relative}.field>ha-icon{position:absolute;inset-inline-start:10px;top:9px;color:var(--faint);pointer-events:none}.field>ha-icon+input{padding-inline-start:42px}.name{font-weight:500}.meta{text-align:end;font-variant-numeric:tabular-nums}.said:not(:empty){padding:8px 4px 0;overflow-wrap:anywhere}.bad{color:var(--alarm)}.disc{display:grid;place-items:center;flex:none;width:40px;height:40px;border-radius:50%;color:var(--accent);background:var(--tint)}@media(prefers-reduced-motion:reduce){*{animation:none!important}}`;var C=class extends k{constructor(){super(...arguments);this.size=""}e(t,i){return this.formats.localize(t,i)}async s(t){await this.updateComplete,this.renderRoot.querySelector(t)?.focus()}st(t){return d`<div
class="said ${t?.state==="failed"?"bad":""}"
role="status"
.textContent=${t?.text??""}
></div>`}};C.styles=[F],c([h({attribute:!1})],C.prototype,"formats",2),c([h({reflect:!0})],C.prototype,"size",2);var P=class extends C{constructor(){super(...arguments);this.label="";this.isMain=!1;this.contacts=[];this.choice=it;this.f=!1;this.y=-1}focus(){this.s("input")}get Ht(){return this.f?Ie(this.contacts,this.choice):[]}Ut(t,i){this.f=i,this.y=-1,this.choice=t,this.dispatchEvent(new CustomEvent("odorik-choice",{detail:t}))}jt(t){this.Ut({text:S(t),picked:t},!1)}Z(t){this.Ut({text:t.target.value},!0)}ie(){this.f=!0}G(){this.f=!1,this.y=-1}Y(t){let{Ht:i}=this,r=i.length,n=i[this.y];if(t.key==="Enter")n?this.jt(n):this.dispatchEvent(new Event("odorik-enter"));else if(t.key==="Escape"&&r)this.G();else if(t.key==="ArrowDown"&&r)this.y=(this.y+1)%r;else if(t.key==="ArrowUp"&&r)this.y=(Math.max(this.y,0)+r-1)%r;else return;t.preventDefault(),t.stopPropagation()}render(){let{Ht:t,y:i}=this;return d`<div class="field">
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
@input=${this.Z}
@focus=${this.ie}
@blur=${this.G}
@keydown=${this.Y}
/>
<ul
id="options"
class="options"
role="listbox"
aria-label=${this.label}
?hidden=${!t.length}
>
${t.map((r,n)=>this.re(r,n))}
</ul>
</div>`}re(t,i){return d`<li
id=${`option-${i}`}
role="option"
aria-selected=${String(i===this.y)}
@pointerdown=${r=>{r.preventDefault()}}
@click=${()=>{this.jt(t)}}
>
<bdi class="cut">${S(t)}</bdi>
${t.name?d`<bdi class="muted">${t.formatted}</bdi>`:p}
</li>`}};P.styles=[...C.styles,Qe],c([h({attribute:!1})],P.prototype,"label",2),c([h({attribute:!1})],P.prototype,"isMain",2),c([h({attribute:!1})],P.prototype,"contacts",2),c([h({attribute:!1})],P.prototype,"choice",2),c([$()],P.prototype,"f",2),c([$()],P.prototype,"y",2),P=c([_("odorik-number-field")],P);var z=class extends C{constructor(){super(...arguments);this.origin=""}willUpdate(t){let{origin:i}=this,r=this.context.outcomes.get(i);!t.has("context")||r?.state===t.get("context")?.outcomes.get(i)?.state||(this.w=r,r?.state==="done"&&this.It())}get gt(){let{isOnline:t,outcomes:i}=this.context;return!t||(i.get(this.origin)?.isLocked??!1)}};c([h({attribute:!1})],z.prototype,"context",2),c([h({attribute:!1})],z.prototype,"origin",2),c([$()],z.prototype,"w",2);var q=class extends z{constructor(){super(...arguments);this.origin="dial";this.X=it}It(){this.X=it}focus(){this.s("odorik-number-field")}get Nt(){let{lastCaller:t}=this.context;return this.Ot??(t?{text:S(t),picked:t}:it)}get Kt(){let{lines:t,contacts:i}=this.context.account;return[...t.map(({line:r,name:n})=>({number:String(r),name:n,formatted:String(r)})),...i]}oe({detail:t}){this.X=t,t.text.trim()&&(this.w=void 0)}ne({detail:t}){this.Ot=t}J(t){t.preventDefault();let i=this.recipient??oe(this.context.account.contacts,this.X);if(!i||this.gt)return;let r=this.context.account.caller?void 0:oe(this.Kt,this.Nt);if(!this.context.account.caller&&!r){this.w={state:"done",text:this.e("ring_first_ask")},this.s(".first");return}let n=this.renderRoot.querySelector("select")?.value;b(this,"odorik-order",{origin:this.origin,recipient:i.number,who:S(i),caller:r,line:n?Number(n):void 0})}render(){let{recipient:t}=this,{caller:i}=this.context.account,r=this.X.text.trim()!=="",n=t?this.e("call_back",{who:S(t)}):this.e("dial_help");return d`<form aria-label=${n} @submit=${this.J}>
${t?d`<div class="ask">${this.e("ring_first_ask")}</div>`:p}
<div class="row">
${t?this.Ft():this.se()}
<button
class="call"
type="submit"
title=${this.e("dial_help")}
?disabled=${this.gt}
>
${g("mdi:phone")}<span>${this.e("call")}</span>
</button>
</div>
${t?p:this.ae(r)}
${i&&r?d`<div class="said muted">
${this.e("rings_first",{who:S(i)})}
</div>`:p}
${this.st(this.w)}
</form>`}se(){return d`<odorik-number-field
.label=${this.e("dial")}
.isMain=${!0}
.contacts=${this.context.account.contacts}
.choice=${this.X}
@odorik-choice=${this.oe}
@odorik-enter=${this.J}
></odorik-number-field>`}Ft(){return d`<odorik-number-field
class="first"
.label=${this.e("ring_first")}
.contacts=${this.Kt}
.choice=${this.Nt}
@odorik-choice=${this.ne}
@odorik-enter=${this.J}
></odorik-number-field>`}ae(t){let{caller:i,lines:r}=this.context.account;return d`<div class="choices" ?hidden=${!t}>
${i?p:d`<div><span aria-hidden="true">${this.e("ring_first")}</span>${this.Ft()}</div>`}
${r.length>1?d`<label>
<span>${this.e("line")}</span>
<select>
<option value="">${this.e("default_line")}</option>
${r.map(({line:n,name:s})=>d`<option value=${n}>${s??n}</option>`)}
</select>
</label>`:p}
</div>`}};q.styles=[...z.styles,Je],c([h({attribute:!1})],q.prototype,"recipient",2),c([$()],q.prototype,"X",2),c([$()],q.prototype,"Ot",2),q=c([_("odorik-dial")],q);var ti=x`.figures{display:flex;flex-wrap:wrap;gap:8px}.figure{flex:1 1 0;min-width:auto;max-width:100%;min-height:52px;padding:6px 10px;gap:10px;justify-content:flex-start;border-radius:12px;text-align:start;font-variant-numeric:tabular-nums}ha-icon{color:var(--accent)}.alert ha-icon,.alert .value{color:var(--alarm)}.figure>span{min-width:0}.label,.value{display:block}.label{font-size:12px;font-weight:400;color:var(--label)}.value{font-size:16px;line-height:1.25}:host([size~="small"]) ha-icon{display:none}:host([size~="small"]) .figure{padding:6px 8px}:host([size~="narrow"]) .figures{gap:6px}:host([size~="narrow"]) .figure{padding:6px}:host([size~="narrow"]) .value{font-size:15px}`;var Hi={balance:"mdi:wallet-outline",missed_calls_today:"mdi:phone-missed",cost_this_month:"mdi:cash-multiple"};function ei(o,e,t,i){let r=o==="missed_calls_today"&&Number(e.state)>0;return{icon:Hi[o],label:t,value:i,isAlert:r,entityId:e.entity_id}}var J=class extends k{constructor(){super(...arguments);this.figures=[];this.size=""}render(){return d`<div class="figures" ?hidden=${!this.figures.length}>
${this.figures.map(({entityId:t,isAlert:i,label:r,value:n,...s})=>d`<button
class="figure ${i?"alert":""}"
@click=${()=>{b(this,"hass-more-info",{entityId:t})}}
>
${g(s.icon)}
<span
><span class="label cut">${r}</span><span class="value cut">${n}</span></span
>
</button>`)}
</div>`}};J.styles=[F,ti],c([h({attribute:!1})],J.prototype,"figures",2),c([h({reflect:!0})],J.prototype,"size",2),J=c([_("odorik-figures")],J);var ii=x`:host{display:flex;flex:1 1 auto;flex-direction:column;gap:8px;min-height:220px}.tools{display:flex;flex-wrap:wrap;gap:8px}.filters{display:flex;flex:1 1 auto;border-radius:20px;background:var(--soft)}.filters button{flex:1 1 auto;padding:0 8px;background-color:transparent;font-weight:400}.filters [aria-pressed=true]{background-color:var(--pressed);color:var(--accent);font-weight:500}.filters b{padding:0 6px;border-radius:10px;color:var(--card-background-color);background:var(--alarm)}.field{flex:1 1 240px}.contact{flex:1 1 240px;min-width:0;padding-inline-start:10px;border-radius:20px;color:var(--accent);background:var(--tint)}.scroll{flex:1 1 auto;min-height:0;overflow-y:auto;margin-inline:-8px;padding-inline:8px;scroll-padding-top:36px}:host(:not([filled])) .scroll{max-height:480px}.day{position:sticky;top:0;z-index:1;padding:10px 4px 4px;font-size:12px;font-weight:500;color:var(--faint);background:linear-gradient(var(--ha-card-background, var(--card-background-color)) 0 0),var(--primary-background-color)}odorik-history-row:not(:focus-within){content-visibility:auto;contain-intrinsic-size:1px 56px;contain-intrinsic-height:auto 56px}.foot{display:flex;flex-direction:column;align-items:center;gap:8px;padding:8px 0;text-align:center}.blank{padding:24px 0;color:var(--faint)}.blank ha-icon{--mdc-icon-size: 40px;display:block;margin-bottom:8px}:host([size~="narrow"]) .filters button{padding:0 6px;font-size:13px}`;var ri=x`.entry{display:flex;align-items:center;gap:4px}.main{flex:1;min-height:56px;padding:6px 4px;gap:12px;border-radius:12px;background:none;font-weight:400;text-align:start}.sub{font-size:13px;color:var(--faint)}.due .disc{color:var(--alarm);background:var(--alarm-tint)}.due .name{color:var(--alarm)}.unanswered .disc{color:var(--faint);background:var(--soft)}.more{padding:4px 4px 12px;padding-inline-start:56px}dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px;margin:0}dt{color:var(--faint)}dd{margin:0;overflow-wrap:anywhere}.actions{display:flex;flex-wrap:wrap;gap:8px;padding-top:10px}.actions button{max-width:100%;font-weight:400}:host([size~="narrow"]) .more{padding-inline-start:4px}:host([size~="narrow"]) .extra{display:none}`;var oi=x`[role=dialog]{margin-top:4px;padding:12px;border-radius:12px;border:1px solid var(--divider-color);outline:none;overflow-wrap:anywhere}textarea{display:block;margin:8px 0;padding:10px 14px;border-radius:12px;resize:vertical}.said:not(:empty){padding-inline:0}.sent{color:var(--ink);white-space:pre-wrap}.buttons{display:flex;flex-wrap:wrap;justify-content:flex-end;gap:8px;padding-top:10px}`;var Ui=200,O=class extends z{constructor(){super(...arguments);this.v="";this.at=""}focus(){this.s("textarea")}It(){this.v=this.at="",this.Q=void 0}get Bt(){let{Q:t,w:i}=this;return!this.gt&&!i?.isUnclear&&t?.error===null&&this.at===this.v&&this.v.trim()!==""}Z(t){this.v=t.target.value,this.w=void 0,clearTimeout(this.qt),this.qt=setTimeout(()=>{this.le()},Ui)}async le(){let{v:t}=this,i=await this.context.previewMessage(this.recipient.number,t);t===this.v&&(this.Q=i,this.at=t)}Y(t){t.key==="Escape"&&(t.stopPropagation(),this.G())}G(){this.dispatchEvent(new Event("close"))}J(t){if(t.preventDefault(),!this.Bt)return;let{origin:i,recipient:r,v:n}=this;b(this,"odorik-send",{origin:i,recipient:r,message:n}),this.s("[role=dialog]")}Wt(t){let i=t>1&&t<5?"parts_few":"parts";return this.e(t===1?"parts_one":i,{count:t})}get ce(){let{error:t,length:i,max_length:r,parts:n=0}=this.Q??{};return t===null&&i?this.e("counter",{length:i,max:r,parts:this.Wt(n)}):""}render(){let{recipient:t,Q:i,w:r}=this,n=i?.error,s=!n&&i?.length&&i.text!==this.at.normalize(),a=n?1:i?.parts??1;return d`<div
role="dialog"
tabindex="-1"
aria-label=${this.e("write",{who:S(t)})}
@keydown=${this.Y}
>
<form @submit=${this.J}>
<div>
<bdi class="name">${S(t)}</bdi>
${t.name?d`<bdi class="muted"> · ${t.formatted}</bdi>`:p}
</div>
<textarea
rows="3"
aria-label=${this.e("message")}
aria-describedby="counter"
aria-invalid=${String(!!n)}
.value=${this.v}
?readonly=${r?.state==="pending"}
@input=${this.Z}
></textarea>
<div id="counter" class="muted" aria-live="polite">${this.ce}</div>
${s?d`<div class="muted">
${this.e("sent_as")} <bdi class="sent">${i.text}</bdi>
</div>`:p}
${this.st(r??(n?{state:"failed",text:n}:void 0))}
<div class="buttons">
<button type="button" @click=${this.G}>${this.e("cancel")}</button>
<button class="call" type="submit" ?disabled=${!this.Bt}>
${g("mdi:send")}<span
>${a>1?this.e("send",{parts:this.Wt(a)}):this.e("send_message")}</span
>
</button>
</div>
</form>
</div>`}};O.styles=[...z.styles,oi],c([h({attribute:!1})],O.prototype,"recipient",2),c([$()],O.prototype,"v",2),c([$()],O.prototype,"Q",2),c([$()],O.prototype,"at",2),O=c([_("odorik-message-form")],O);var L=class extends C{constructor(){super(...arguments);this.isDue=!1;this.f=!1;this.yt=!1}get d(){return this.context.outcomes.get(rt(this.call))}get de(){return this.waiting&&this.context.outcomes.get(Lt(this.waiting))}willUpdate(t){let{r:i,waiting:r}=this;if(!t.has("context")||!i)return;let n=i==="message"&&r?Lt(r):rt(this.call),s=t.get("context")?.outcomes.get(n)?.state;this.context.outcomes.get(n)?.state==="done"&&s!=="done"&&this.vt()}vt(){let t=this.r==="dial"?".back":".write";this.r=void 0,this.s(t)}pe(){if(this.r==="message"){this.vt();return}this.r="message",this.yt=!0,this.s("odorik-message-form")}he(){this.f=!this.f}ue(){let{account:t,isOnline:i}=this.context,{number:r}=this.call;t.caller?r&&i&&!this.d?.isLocked&&b(this,"odorik-order",{origin:rt(this.call),recipient:r,who:T(this.call,this.formats)}):(this.r=this.r==="dial"?void 0:"dial",this.r&&this.s("odorik-dial"))}render(){let{call:t,context:i}=this,r=K(t),n=Ut(t),s=[this.r==="dial"?void 0:this.d,this.r==="message"?void 0:this.de],a=this.f||this.r!==void 0||s.some(Boolean),l=r!=="missed"&&r!=="gate"&&t.status!=="answered";return d`<div
class="entry ${r==="missed"?r:""} ${this.isDue?"due":""} ${l?"unanswered":""}"
>
${this.me()}
${this.waiting&&i.account.inbox?this.fe(this.waiting):p}
${n&&this.waiting?.may_write?this.ge():p}
${n&&i.account.may_control?this.ye():p}
</div>
${a||this.yt?this.ve(n,s,!a):p}`}ve(t,i,r){let{call:n,context:s,formats:a,waiting:l}=this;return d`<div class="more" ?hidden=${r}>
${this.f?this.be(t):p}
${this.r==="dial"?d`<odorik-dial
.formats=${a}
.context=${s}
.origin=${rt(n)}
.recipient=${t}
></odorik-dial>`:p}
${this.yt&&t&&l?d`<odorik-message-form
?hidden=${this.r!=="message"}
.formats=${a}
.context=${s}
.origin=${Lt(l)}
.recipient=${s.account.recipients.find(({number:m})=>m===n.number)??t}
@close=${this.vt}
></odorik-message-form>`:p}
${i.map(m=>this.st(m))}
</div>`}me(){let{call:t,formats:i}=this,r=K(t),[n,s]=[new Date(t.started_at),new Date],l=[this.waiting&&i.dayKey(n)!==i.dayKey(s)?i.day(n,s):"",i.time(n),qe(t,i)].filter(Boolean);return d`<button class="main" aria-expanded=${String(this.f)} @click=${this.he}>
<span class="disc">${g(se[r])}</span>
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
</button>`}fe({uid:t}){let i=this.e("done",{who:T(this.call,this.formats)});return d`<button
class="round tick"
aria-label=${i}
title=${i}
@click=${()=>{b(this,"odorik-complete",t)}}
>
${g("mdi:check")}
</button>`}ge(){let t=this.e("write",{who:T(this.call,this.formats)});return d`<button
class="round write"
aria-label=${t}
title=${t}
aria-expanded=${String(this.r==="message")}
?disabled=${!this.context.isOnline}
@click=${this.pe}
>
${g("mdi:message-text")}
</button>`}ye(){let{account:t,isOnline:i}=this.context,r=this.e("call_back",{who:T(this.call,this.formats)}),n=!i||t.caller&&this.d?.isLocked;return d`<button
class="round back"
aria-label=${r}
title=${r}
?disabled=${n}
@click=${this.ue}
>
${g("mdi:phone")}
</button>`}xe(){let{call:t,formats:i}=this,r=K(t),n=t.status==="missed"&&r!=="missed"?` · ${this.e("not_answered")}`:"";return[[`call_${r}`,i.dateTime(t.started_at)+n],["number",t.formatted??this.e("withheld")],[t.direction==="out"?"caller_id":"own_number",t.own_formatted],["line",[t.line_name,t.line].filter(Boolean).join(" · ")],["redirected_to",t.redirected_to],["rang",t.ringing_duration===null?"":ot(t.ringing_duration)],["duration",t.status==="answered"?ot(t.duration??0):""],["price",t.price===null?"":i.money(t.price)]]}be(t){return d`<dl>
${this.xe().map(([i,r])=>r?d`<dt>${this.e(i)}</dt>
<dd><bdi>${r}</bdi></dd>`:p)}
</dl>
${t?this._e(t):p}`}_e(t){let{formats:i}=this;return d`<div class="actions">
<button
@click=${()=>{b(this,"odorik-filter",zt(t))}}
>
${g("mdi:history")}<span class="cut"
>${this.e("calls_with",{who:T(t,i)})}</span
>
</button>
<button
@click=${()=>{b(this,"odorik-copy",It(t.number))}}
>
${g("mdi:content-copy")}<span>${this.e("copy_number")}</span>
</button>
</div>`}};L.styles=[...C.styles,ri],c([h({attribute:!1})],L.prototype,"call",2),c([h({attribute:!1})],L.prototype,"waiting",2),c([h({attribute:!1})],L.prototype,"isDue",2),c([h({attribute:!1})],L.prototype,"context",2),c([$()],L.prototype,"f",2),c([$()],L.prototype,"r",2),L=c([_("odorik-history-row")],L);var ji=["all","missed","incoming","outgoing"],Ii=["rows","formats","today","waiting","filter"],Oi=400,R=class extends C{constructor(){super(...arguments);this.rows=[];this.waiting=[];this.hasMore=!1;this.isLoading=!1;this.today="";this.bt=[];this.xt=!1}willUpdate(t){if(Ii.some(i=>t.has(i))){let{show:i,search:r,contact:n}=this.filter,s=i==="missed"&&!r&&!n?Ve(this.waiting,this.formats):[];this.bt=[...s,...Ge(this.rows,this.formats,new Date)]}}updated(t){t.has("waiting")&&this.xt&&(this.xt=!1,this.s("[aria-pressed=true]"));let i=t.get("filter");i&&(this.renderRoot.querySelector(".scroll")?.scrollTo(0,0),this.filter.contact&&!i.contact&&this.s(".contact button"),i.contact&&!this.filter.contact&&this.s("input"))}Z(t){let i=t.target.value.trim();clearTimeout(this.Vt),this.Vt=setTimeout(()=>{i!==this.filter.search&&b(this,"odorik-filter",{...this.filter,search:i})},Oi)}render(){let{contact:t}=this.filter;return d`<div class="tools">
<div class="filters" role="group" aria-label=${this.e("filter")}>
${ji.map(i=>this.$e(i))}
</div>
${t?this.we(t):this.Ce()}
</div>
<div class="scroll">
<ul
aria-label=${this.e("history")}
@odorik-complete=${()=>{this.xt=!0}}
>
${Pt(this.bt,({key:i})=>i,i=>i.call?this.Ae(i.call,i.waiting):d`<li class="day">${i.day}</li>`)}
</ul>
<div class="foot" role="status">${this.Ee()}</div>
</div>`}$e(t){let i=()=>{b(this,"odorik-filter",{...this.filter,show:t})},r=t==="missed"?this.waiting.length:0,n=r?`${this.e("waiting")}: ${r}`:"";return d`<button
aria-pressed=${String(t===this.filter.show)}
title=${n}
@click=${i}
>
${this.e(t)}${r?d`<b aria-hidden="true">${r}</b>`:p}
</button>`}Ce(){let t=this.e("search");return d`<div class="field">
${g("mdi:magnify")}
<input
type="search"
placeholder=${t}
aria-label=${t}
value=${this.filter.search}
@input=${this.Z}
/>
</div>`}we(t){let i=this.e("all_calls"),r=()=>{b(this,"odorik-filter",{show:this.filter.show,search:""})};return d`<div class="contact row">
${g("mdi:account")}
<bdi class="who cut"
>${S(t)}${t.name?d`<span class="muted"> · ${t.formatted}</span>`:p}</bdi
>
<button class="round" aria-label=${i} title=${i} @click=${r}>
${g("mdi:close")}
</button>
</div>`}Ae(t,i){return d`<li class=${K(t)==="missed"?"missed":""}>
<odorik-history-row
.formats=${this.formats}
.size=${this.size}
.call=${t}
.waiting=${i}
.isDue=${Ze(t,this.waiting)}
.context=${this.context}
></odorik-history-row>
</li>`}Ee(){let{filter:t,error:i}=this;if(this.isLoading)return d`<span class="muted">${this.e("loading")}</span>`;if(i)return d`<span class="said bad">${i.text}</span
>${this.Zt(this.e("retry"),i.isNextPage)}`;let r=t.show==="all"&&!t.search&&!t.contact,n=this.e(t.search||t.contact?"older":"more");return d`${this.bt.length?p:d`<div class="blank">
${g("mdi:phone-log")}${this.e(r?"empty":"no_matches")}
</div>`}
${this.hasMore?this.Zt(n,!0):p}`}Zt(t,i){return d`<button @click=${()=>{b(this,"odorik-load",{isNextPage:i})}}>${t}</button>`}};R.styles=[...C.styles,ii],c([h({attribute:!1})],R.prototype,"filter",2),c([h({attribute:!1})],R.prototype,"rows",2),c([h({attribute:!1})],R.prototype,"waiting",2),c([h({attribute:!1})],R.prototype,"hasMore",2),c([h({attribute:!1})],R.prototype,"isLoading",2),c([h({attribute:!1})],R.prototype,"error",2),c([h({attribute:!1})],R.prototype,"today",2),c([h({attribute:!1})],R.prototype,"context",2),R=c([_("odorik-history")],R);var ni=x`.name{display:block;max-width:100%;font-size:16px}button.name{min-height:28px;padding:0;border-radius:6px;background:none;line-height:1.4}button.name:hover{text-decoration:underline}.sub{color:var(--label)}.clock{font-size:16px;font-weight:500}.sure{display:flex;align-items:center;flex-wrap:wrap;justify-content:flex-end;padding-top:10px;gap:8px}.sure>span{flex:1}.disc{color:#fff;background:var(--call)}.ringing .disc{background:var(--bell);animation:ring 1.6s infinite}.ringing .name{font-size:20px}@keyframes ring{0%,60%,to{transform:rotate(0)}10%,30%,50%{transform:rotate(-11deg)}20%,40%{transform:rotate(11deg)}}:host([size~="small"]) .row{gap:8px}:host([size~="small"]) .row>.end{width:44px;height:44px;padding:0;border-radius:50%}:host([size~="small"]) .row>.end>span{display:none}:host([size~="wide"]) .ringing,:host([size~="wide"]) .ringing+.sure{gap:24px;font-size:22px}:host([size~="wide"]) .ringing ha-icon{--mdc-icon-size: 44px}:host([size~="wide"]) .ringing .disc{width:88px;height:88px}:host([size~="wide"]) .ringing .name{font-size:clamp(32px,calc(var(--card-width) * .05),60px);line-height:1.15}:host([size~="wide"]) .ringing .clock{font-size:32px}:host([size~="wide"]) .ringing .end,:host([size~="wide"]) .ringing+.sure button{min-height:80px;padding:0 32px;border-radius:40px;font-size:24px;gap:12px}`;var M=class extends C{constructor(){super(...arguments);this.now=0;this.hasHistory=!1;this.E=!1}willUpdate(t){!t.has("context")||!this.E||this.d?.state!=="failed"||t.get("context")?.outcomes.get(mt(this.call))!==this.d&&this._t()}get d(){return this.context.outcomes.get(mt(this.call))}ke(){this.E=!0,this.s(".sure .end")}_t(){this.E=!1,this.s(".row .end")}Y(t){t.key==="Escape"&&this.d?.state!=="pending"&&this._t()}render(){let{call:t}=this,i=!t.answered_at,r=T(t,this.formats),n=t.line_name??t.line;return d`<div class="row ${i?"ringing":""}">
<div class="disc">${g(Fe(t))}</div>
<div class="who">
${this.Se(r)}
<div class="sub">
${[this.e(jt(t)),n].filter(Boolean).join(" · ")}
</div>
<div class="sub cut"><bdi>${t.name?t.formatted:""}</bdi></div>
</div>
<div class="meta">
<div class="clock" role="timer">${ot(ae(t,this.now))}</div>
<div class="sub">${this.Re}</div>
</div>
${this.context.account.may_control&&!this.E?this.Te(r):p}
</div>
${this.E?this.Pe():p}
${this.st(this.d?.state==="failed"&&!this.E?this.d:void 0)}`}get Re(){let{answered_at:t,price_per_minute:i}=this.call;return!t||!i?"":this.formats.money(i*ae(this.call,this.now)/60)}Se(t){let i=Ut(this.call);if(!i||!this.hasHistory)return d`<bdi class="name cut">${t}</bdi>`;let r=this.e("calls_with",{who:t});return d`<button class="name cut" aria-label=${r} @click=${()=>{b(this,"odorik-filter",zt(i))}}>
<bdi>${t}</bdi>
</button>`}Te(t){return d`<button
class="end"
aria-label=${this.e("hang_up_call",{who:t})}
?disabled=${!this.context.isOnline}
@click=${this.ke}
>
${g("mdi:phone-hangup")}<span>${this.e("hang_up")}</span>
</button>`}Pe(){let t=this.d?.state==="pending",i=()=>{b(this,"odorik-hang-up",this.call)};return d`<div class="sure" @keydown=${this.Y}>
<span>${this.e("confirm_hang_up")}</span>
<button ?disabled=${t} @click=${this._t}>
${this.e("cancel")}
</button>
<button class="end" ?disabled=${t||!this.context.isOnline} @click=${i}>
<span>${t?this.d.text:this.e("hang_up")}</span>
</button>
</div>`}};M.styles=[...C.styles,ni],c([h({attribute:!1})],M.prototype,"call",2),c([h({attribute:!1})],M.prototype,"now",2),c([h({attribute:!1})],M.prototype,"context",2),c([h({attribute:!1})],M.prototype,"hasHistory",2),c([$()],M.prototype,"E",2),M=c([_("odorik-live-call")],M);var si=x`.row{padding:10px 12px;border-radius:12px;background:var(--soft)}ha-icon{color:var(--accent)}`;var nt=class extends k{constructor(){super(...arguments);this.text=""}render(){return d`<div class="row" role="status">
${g("mdi:phone-off")}<span>${this.text}</span>
</div>`}};nt.styles=[F,si],c([h({attribute:!1})],nt.prototype,"text",2),nt=c([_("odorik-notice")],nt);function Ni(o){return o<420?"small narrow":o<560?"small":o>=700?"wide":""}var B=class extends k{constructor(){super(...arguments);this.b={type:`custom:${X}`,hide:[]};this.tt="";this.$t=[];this.wt="";this.S=new Ht(this);this.x=new Kt(this,t=>this.ze(t),t=>this.ft(t));this.g=new Ot(this,this);this.Yt=new ResizeObserver(()=>{let{clientWidth:t}=this;this.tt=Ni(t),this.style.setProperty("--card-width",`${t}px`)})}connectedCallback(){super.connectedCallback(),this.Yt.observe(this)}disconnectedCallback(){super.disconnectedCallback(),this.Yt.disconnect()}static getStubConfig(){return{}}static getConfigForm(){let{lang:t}=document.documentElement,i=Mt.map(r=>({value:r,label:E(t,r)}));return{schema:[{name:"title",selector:{text:{}}},{name:"config_entry_id",selector:{config_entry:{integration:v}}},{name:"hide",selector:{select:{multiple:!0,mode:"list",options:i}}}],computeLabel:({name:r})=>E(t,r)}}setConfig(t){let i=t.hide??[];if(!Array.isArray(i)||i.some(r=>!Mt.includes(r)))throw new Error(`hide must be a list of ${Mt.join(", ")}`);t.config_entry_id!==this.b.config_entry_id&&(this.n=void 0,this.x.clear()),this.b={type:`custom:${X}`,...t,hide:i},this.i&&this.g.subscribeTo(this.i.connection,this.b.config_entry_id)}getCardSize(){return 10}getGridOptions(){return{columns:12,min_columns:6,rows:10,min_rows:5}}set hass(t){let i=this.i;this.i=t,(i?.locale!==t.locale||i.formatEntityState!==t.formatEntityState)&&(this.a=new Nt(t),this.requestUpdate()),Object.values(this.n?.figures??{}).some(n=>i?.states[n]!==t.states[n])&&this.requestUpdate(),this.g.subscribeTo(t.connection,this.b.config_entry_id)}accountUpdated(t,i){i?.config_entry_id!==t.config_entry_id&&this.x.clear(),t.state==="loaded"&&(this.n=t,this.x.refreshIfStale(t.place))}callRecorded(t){this.x.add(t)}reconnected(){this.x.invalidate()}ze(t){let i=this.g.account;if(!this.i||i?.state!=="loaded"||this.it("history"))return;let r={type:`${v}/history`,config_entry_id:i.config_entry_id,...t};return this.i.connection.sendMessagePromise(r)}ft(t){let i=this.a.localize("history_failed");return this.i?et(this.i,t,i):Promise.resolve(i)}Le({detail:t}){this.i&&this.n&&this.S.orderCallback(this.i,this.n,t)}Me({detail:t}){this.i&&this.n&&this.S.sendMessage(this.i,this.n,t)}De({detail:t}){this.i&&this.n&&this.S.hangUp(this.i,this.n,t)}He({detail:t}){if(!this.i||!this.n)return;this.S.completeItem(this.i,this.n,t)||b(this,"hass-notification",{message:this.a.localize("failed")})}Ue({detail:t}){this.x.setFilter(t)}je({detail:t}){this.x.load(t.isNextPage)}async Ie({detail:t}){let i=await Ye(t);b(this,"hass-notification",{message:this.a.localize(i?"copied":"failed",{number:t})})}it(t){return this.b.hide.includes(t)}willUpdate(){let{calls:t,isActive:i}=this.g;t!==this.$t&&(this.wt=this.Oe(t),this.$t=t),clearTimeout(this.Gt);let r=t.length?1e3:6e4-Date.now()%6e4;i&&(this.Gt=setTimeout(()=>{this.requestUpdate()},r)),this.Ne()}Ne(){let{isOnline:t}=this.g,{outcomes:i,lastCaller:r}=this.S,{n,et:s}=this;if(!n||s?.account===n&&s.isOnline===t&&s.outcomes===i)return;let a=(l,m)=>this.i?this.S.previewMessage(this.i,n,l,m):Promise.resolve({error:""});this.et={account:n,isOnline:t,outcomes:i,lastCaller:r,previewMessage:a}}Oe(t){let i=new Set(this.$t.map(n=>n.active_call_id)),r=t.find(n=>!n.answered_at&&!i.has(n.active_call_id));return r?`${this.a.localize(jt(r))}: ${T(r,this.a)}`:t.length?this.wt:""}get Ke(){let{account:t,isOnline:i,isReachable:r}=this.g;return i?t&&t.state!=="loaded"?t.state:t&&!r?"unreachable":void 0:"lost"}render(){if(!this.i)return p;let{account:t}=this.g,{Ke:i}=this,r=!t||t.state==="loaded";return d`<ha-card
class=${this.tt}
aria-busy=${String(!t)}
@odorik-order=${this.Le}
@odorik-send=${this.Me}
@odorik-hang-up=${this.De}
@odorik-complete=${this.He}
@odorik-filter=${this.Ue}
@odorik-load=${this.je}
@odorik-copy=${this.Ie}
>
${this.b.title?d`<h2>${this.b.title}</h2>`:p}
<div class="sr" role="alert">${this.wt}</div>
<odorik-notice
?hidden=${!i}
.text=${i?this.a.localize(i,{title:t?.title}):""}
></odorik-notice>
${this.Fe()}
<odorik-figures
?hidden=${!r}
.size=${this.tt}
.figures=${r?this.qe():[]}
></odorik-figures>
${this.n?.may_control&&!this.it("dial")?this.Be(r):p}
${this.it("history")?p:this.We(r)}
</ha-card>`}Fe(){let{calls:t,clockOffset:i}=this.g,r=Date.now()+i;return d`<ul
class="now"
aria-label=${this.a.localize("now")}
?hidden=${!t.length}
>
${Pt(Be(t),n=>n.active_call_id,n=>d`<li class=${n.answered_at?"":"ringing"}>
<odorik-live-call
.formats=${this.a}
.size=${this.tt}
.call=${n}
.now=${r}
.context=${this.et}
.hasHistory=${!this.it("history")}
></odorik-live-call>
</li>`)}
</ul>`}qe(){return re.filter(t=>!this.it(t)).flatMap(t=>{let i=this.i?.states[this.n?.figures[t]??""];return this.i&&i?[ei(t,i,this.a.localize(t),this.i.formatEntityState(i))]:[]})}Be(t){return d`<odorik-dial
?hidden=${!t}
.formats=${this.a}
.context=${this.et}
></odorik-dial>`}We(t){let i=["grid","panel"].includes(this.layout??"")&&this.b.grid_options?.rows!=="auto",{x:r}=this;return d`<odorik-history
class="history"
?hidden=${!t}
?filled=${i}
.formats=${this.a}
.size=${this.tt}
.filter=${r.filter}
.rows=${r.rows}
.waiting=${this.g.waiting}
.hasMore=${r.before!==null}
.isLoading=${r.isLoading||!this.g.account}
.error=${r.error}
.today=${this.a.dayKey(new Date)}
.context=${this.et}
></odorik-history>`}};B.styles=[F,Xe],c([h({attribute:!1})],B.prototype,"layout",2),c([$()],B.prototype,"b",2),c([$()],B.prototype,"tt",2),B=c([_(X)],B);function ft(o){return o?.config_entry_id??o?.primary_config_entry??o?.config_entries?.[0]}var Ki=o=>o.name_by_user??o.name??"";function ai(o){let e=new Map;for(let{entity_id:i,platform:r,device_id:n,translation_key:s}of Object.values(o.entities)){let a=o.devices[n??""];r!==v||!a||!s||!o.states[i]||e.set(a,{...e.get(a),[s]:i})}let t=[...e].map(([i,r])=>({device:i,entities:r,name:Ki(i)}));return t.sort((i,r)=>i.name.localeCompare(r.name,o.locale.language)),t.filter(({device:i})=>!i.via_device_id).map(({device:i,entities:r,name:n})=>({id:ft(i)??"",slug:(i.identifiers?.[0]?.[1]??"").toLowerCase().replace(/[^a-z\d]+/g,"_"),title:n,entities:r,lines:t.filter(s=>s.device.via_device_id===i.id)}))}var li=x`:host{display:block}button{display:flex;align-items:center;justify-content:center;gap:8px;width:100%;height:var(--feature-height, 42px);border:0;border-radius:var(--feature-border-radius, 12px);cursor:pointer;font:inherit;font-weight:500;color:#fff}.call{background:#2a6a2d}.end{background:#b3372b}@supports (color: color-mix(in srgb,red,red)){.call{background:color-mix(in srgb,var(--success-color) 62%,black)}.end{background:color-mix(in srgb,var(--error-color) 82%,black)}}button:disabled{cursor:default;opacity:.5}ha-icon{--mdc-icon-size: 20px;flex:none}`;function ci(o,{entity_id:e},t){let i=o.entities[e??""];return i?.platform===v&&i.translation_key===t}var D=class extends k{setConfig(){}e(e,t){return E(this.hass?.locale.language,e,t)}get Xt(){let e=this.hass?.entities[this.context?.entity_id??""];return this.hass?.devices[e?.device_id??""]}Ve(){let e=this.Ct();if(!e)return;let t={action:"perform-action",perform_action:`${v}.${e.action}`,data:{config_entry_id:ft(this.Xt),...e.data},confirmation:{text:e.confirmation}};b(this,"hass-action",{config:{tap_action:t},action:"tap"})}render(){if(!this.stateObj)return p;let e=this.Jt();return d`<button
class=${e.className}
?disabled=${!this.Ct()}
@click=${this.Ve}
>
${g(e.icon)}${e.text}
</button>`}};D.styles=li,c([h({attribute:!1})],D.prototype,"hass",2),c([h({attribute:!1})],D.prototype,"context",2),c([h({attribute:!1})],D.prototype,"stateObj",2);var qt=`${v}-call-back`,Ft=class extends D{static getStubConfig(){return{type:`custom:${qt}`}}Ct(){let{number:e,name:t}=this.stateObj?.attributes??{};if(typeof e!="string")return;let i=typeof t=="string"?t:It(e);return{action:"callback",data:{recipient:e},confirmation:`${this.e("call_back",{who:i})}?`}}Jt(){return{className:"call",icon:"mdi:phone",text:this.e("call_back_last")}}};Ft=c([_(qt)],Ft);var Wt=`${v}-hang-up`,Bt=class extends D{static getStubConfig(){return{type:`custom:${Wt}`}}Ct(){let[e,t]=this.stateObj?.attributes.calls??[];if(!e)return;let i="hangup";if(!t)return{action:i,data:{active_call_id:e.active_call_id},confirmation:this.e("confirm_hang_up")};let r=this.Xt?.via_device_id?{line:e.line}:{all:!0};return{action:i,data:r,confirmation:this.e("confirm_hang_up_all")}}Jt(){return{className:"end",icon:"mdi:phone-hangup",text:this.e("hang_up")}}};Bt=c([_(Wt)],Bt);async function di(){let{href:o,search:e}=new URL(import.meta.url);return await import(new URL(`odorik-strategies.js${e}`,o).href)}var st=class extends HTMLElement{static async generate(e,t){return(await di()).dashboard(t)}static getCreateSuggestions(){return{title:"Odorik",icon:"mdi:phone"}}};st.noEditor=!0,st.registryDependencies=["entities","devices"];var gt=class extends HTMLElement{static async generate(e,t){return(await di()).section(e,t)}static getStubConfig(){return{type:`custom:${v}`}}};gt.registryDependencies=["entities","devices"];var Fi="https://github.com/odorik-homeassistant/odorik";function yt(o,e,t,i){let r=n=>E(document.documentElement.lang,n);return{...i,type:o,documentationURL:Fi,get name(){return r(e)},get description(){return r(t)}}}function qi(o,e){let t=o.entities[e];if(t?.platform!==v)return null;let i=ai(o).length>1?{config_entry_id:ft(o.devices[t.device_id??""])}:{};return{config:{type:`custom:${X}`,...i}}}function pi(o){return(e,t)=>ci(e,t,o)}customElements.define(`ll-strategy-dashboard-${v}`,st);customElements.define(`ll-strategy-section-${v}`,gt);(window.customCards??=[]).push(yt(X,"card","description",{preview:!0,getEntitySuggestion:qi}));(window.customStrategies??=[]).push(yt(v,"dashboard","dashboard_description",{strategyType:"dashboard"}),yt(v,"section","description",{strategyType:"section"}));(window.customCardFeatures??=[]).push(yt(qt,"call_back_last","description",{isSupported:pi("last_missed_call")}),yt(Wt,"hang_up","description",{isSupported:pi("active_calls")}));
